/** Something that a namespace lacks and that its endpoint refuses to change: what, and the commands that make it. */
export interface ManualStep {
  /** What is missing, such as `search attributes Stage, Since`. */
  missing: string;
  /** With Temporal Cloud's command line program, by somebody who administers the namespace. */
  onTemporalCloud: string;
  /** With the command line program of a server of one's own, by somebody who administers it. */
  onOwnServer: string;
}

interface Attribute {
  name: string;
  /** As both programs spell it, such as KeywordList. */
  type: string;
}

/** Search attributes that do not exist. */
export function searchAttributesStep(namespace: string, attributes: readonly Attribute[]): ManualStep {
  const ofCloud = attributes.map(({ name, type }) => `--search-attribute "${name}=${type}"`);
  const ofServer = attributes.map(({ name, type }) => `--name ${name} --type ${type}`);
  return {
    missing: `search attributes ${attributes.map(({ name }) => name).join(', ')}`,
    onTemporalCloud: `tcld namespace search-attributes add --namespace ${namespace} ${ofCloud.join(' ')}`,
    onOwnServer: `temporal operator search-attribute create --namespace ${namespace} ${ofServer.join(' ')}`,
  };
}

/** Search attributes of another type, which nothing can change: they have to make room. */
export function wrongTypesStep(namespace: string, attributes: readonly Attribute[]): ManualStep {
  const each = (command: (name: string) => string) =>
    attributes.map(({ name }) => command(name)).join(' && ');
  const types = attributes.map(({ name, type }) => `${name} (which must be ${type})`);
  return {
    missing: `room for search attributes ${types.join(', ')}: rename or remove those of another type, then provision again`,
    onTemporalCloud: each(
      (name) =>
        `tcld namespace search-attributes rename --namespace ${namespace} --existing-name ${name} --new-name ${name}Before`,
    ),
    onOwnServer: each(
      (name) => `temporal operator search-attribute remove --namespace ${namespace} --name ${name}`,
    ),
  };
}

/** Another retention of closed workflows than this service counts on. */
export function retentionStep(namespace: string, days: number): ManualStep {
  return {
    missing: `retention of ${days} days`,
    onTemporalCloud: `tcld namespace retention set --namespace ${namespace} --retention-days ${days}`,
    onOwnServer: `temporal operator namespace update --namespace ${namespace} --retention ${days * 24}h`,
  };
}

/** Describes what is left to do, for a person at a terminal. */
export function describeManualSteps(namespace: string, steps: readonly ManualStep[]): string {
  const lines = steps.flatMap(({ missing, onTemporalCloud, onOwnServer }) => [
    `  ${missing}`,
    `    on Temporal Cloud:       ${onTemporalCloud}`,
    `    on a server of your own: ${onOwnServer}`,
  ]);
  return [
    `Temporal refuses to change the namespace ${namespace} from here. Somebody who administers it has to make:`,
    ...lines,
    'Everything else is provisioned. Provision again afterwards: it then changes nothing and ends with 0.',
  ].join('\n');
}

import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type ProcessName, readSettings } from '../../../runtime/settings.ts';
import { readProjectFile, readServices, type Service } from './compose-file.ts';

/** Any variable has a value here, and its name is seen in it. */
const everything = new Proxy<Record<string, string>>({}, { get: (_, name) => `<${String(name)}>` });
const services = readServices(everything);
const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);

/** Chosen by the image: each container has its ports and addresses to itself. */
const ofTheImage = new Set(['PORT', 'METRICS_PORT', 'API_METRICS_PORT', 'LISTEN_HOST']);

/** The variables that a process looks at, whatever their values. */
function variablesOf(name: ProcessName): string[] {
  const seen = new Set<string>();
  const env = new Proxy<NodeJS.ProcessEnv>({}, { get: (_, key) => (seen.add(String(key)), undefined) });
  expect(() => readSettings(env, name)).toThrow(/missing or wrong/);
  return [...seen].filter((key) => !ofTheImage.has(key) && !/_PATH$|_FILE$/.test(key)).toSorted();
}

test.each(ours)('%s is passed every setting that it reads', (name, { environment }) => {
  expect(variablesOf(name as ProcessName).filter((variable) => !(variable in environment))).toEqual([]);
});

test.each(ours)('%s gets no secret that it does not read', (name, { environment }) => {
  const known = new Set(variablesOf(name as ProcessName));
  const secrets = Object.keys(environment).filter((key) =>
    /SECRET|PASSWORD|TOKEN|PRIVATE|FEEDS_KEY/.test(key),
  );
  const ofTheAwsSdk = (key: string) => name === 'worker' && key.startsWith('AWS_');
  expect(secrets.filter((key) => !known.has(key) && !ofTheAwsSdk(key))).toEqual([]);
});

test.each(ours)('%s runs without rights, on a file system that it cannot write', (_, service) => {
  expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  expect(readProjectFile('Dockerfile')).toMatch(/^USER node$/m);
});

test('what runs is started again when it ends, and is looked at; a job is tried again and ends', () => {
  const restarts = Object.entries(services).map(([name, { restart, healthcheck }]) => [
    name,
    restart,
    !!healthcheck,
  ]);
  expect(restarts).toEqual([
    ['postgres', 'unless-stopped', true],
    ['temporal-schema', 'on-failure:5', false],
    ['temporal', 'unless-stopped', true],
    ['temporal-namespace', 'on-failure:5', false],
    // nothing waits for the UI, and its image brings no program to ask it with
    ['temporal-ui', 'unless-stopped', false],
    ['migrate', 'on-failure:5', false],
    ['provision', 'on-failure:5', false],
    ['worker', 'unless-stopped', true],
    ['promote', 'on-failure:5', false],
    ['api', 'unless-stopped', true],
    ['import', 'no', false],
    ['lines', 'no', false],
  ]);
});

test('what is required says so before anything starts', () => {
  expect(() => readServices({})).toThrow('required variable POSTGRES_PASSWORD is missing');
});

test('no value of a secret stands in the file', () => {
  const { services: written } = parse(readProjectFile('docker-compose.yml'), { merge: true }) as {
    services: Record<string, { environment?: Record<string, string | null> }>;
  };
  const values = Object.values(written).flatMap(({ environment = {} }) => Object.entries(environment));
  const secrets = values.filter(([name]) => /SECRET|PASSWORD|PWD|TOKEN|PRIVATE|_KEY/.test(name));
  expect(secrets.length).toBeGreaterThan(5);
  for (const [name, value] of secrets)
    expect([name, value ?? '${']).toEqual([name, expect.stringMatching(/^\$\{/)]);
});

test('only the API and the UI can be reached from outside, from this machine alone, and the UI changes nothing', () => {
  const reachable = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
  expect(reachable.map(([name]) => name).toSorted()).toEqual(['api', 'temporal-ui']);
  for (const [, { ports = [] }] of reachable) expect(ports[0]).toMatch(/^127\.0\.0\.1:/);
  expect(services['temporal-ui']?.environment).toMatchObject({
    TEMPORAL_ADDRESS: 'temporal:7233',
    TEMPORAL_DISABLE_WRITE_ACTIONS: 'true',
  });
});

test('images have versions, and Temporal’s server and tools the same', () => {
  const version = (service: Service | undefined) => service?.image.split(':')[1];
  const others = Object.values(services).filter(({ build }) => build === undefined);
  for (const service of others) expect(service.image).toMatch(/:\d+\.\d+[\d.]*$/);
  expect(version(services['temporal-schema'])).toBe(version(services['temporal']));
  expect(version(services['temporal-namespace'])).toBe(version(services['temporal']));
});

test('the image is built from every layer', () => {
  const { include } = JSON.parse(readProjectFile('tsconfig.build.json')) as { include: string[] };
  const taken = readProjectFile('.dockerignore').split('\n');
  expect(taken).toEqual(
    expect.arrayContaining([...include, 'portal', 'scripts'].map((folder) => `!${folder}`)),
  );
  expect(taken).not.toContain('!.env');
});

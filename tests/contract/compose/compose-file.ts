import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Condition = 'service_healthy' | 'service_completed_successfully';

/** The parts of a service of docker-compose.yml that the tests read. */
export interface Service {
  image: string;
  build?: string;
  entrypoint?: readonly string[];
  command?: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** `source:target:mode`. */
  volumes?: readonly string[];
  /** `address:port:port of the container`. */
  ports?: readonly string[];
  depends_on?: Readonly<Record<string, { condition: Condition }>>;
  healthcheck?: { test: readonly string[] };
  restart: string;
  profiles?: readonly string[];
  networks: readonly string[];
  read_only?: boolean;
  cap_drop?: readonly string[];
}

export type Services = Readonly<Record<string, Service>>;

/** Reads a file of the project. */
export function readProjectFile(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

/**
 * Reads the services of docker-compose.yml and fills in variables by the rules of Compose. A variable without a value is
 * passed on where it is set.
 * @throws an error for a required variable that is not set
 */
export function readServices(env: Readonly<Record<string, string>>): Services {
  const { services } = parse(readProjectFile('docker-compose.yml'), { merge: true }) as {
    services: Record<string, object>;
  };
  const filled = fillIn(services, env) as Record<string, RawService>;
  return Object.fromEntries(
    Object.entries(filled).map(([name, service]) => [
      name,
      { ...service, environment: environmentOf(service, env) },
    ]),
  );
}

type RawService = Omit<Service, 'environment'> & { environment?: Record<string, string | null> };

function environmentOf({ environment = {} }: RawService, env: Readonly<Record<string, string>>) {
  const values = Object.entries(environment).map(([name, value]) => [name, value ?? env[name]]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Record<string, string>;
}

function fillIn(value: unknown, env: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return interpolate(value, env);
  if (Array.isArray(value)) return value.map((item) => fillIn(item, env));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillIn(item, env)]));
}

const innermost = /\$\{(\w+)(?:(:-|:\?)([^${}]*))?\}/;

function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  const found = innermost.exec(text);
  if (found === null) return text;
  const [whole, name = '', kind, rest = ''] = found;
  const value = env[name] || (kind === ':-' ? rest : undefined);
  if (value === undefined && kind === ':?') throw new Error(`required variable ${name} is missing: ${rest}`);
  return interpolate(
    text.replace(whole, () => value ?? ''),
    env,
  );
}

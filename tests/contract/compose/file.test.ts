import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { policyVariableNames } from '../../../runtime/policy-variables.ts';
import { type ProcessName, readSettings } from '../../../runtime/settings.ts';
import { readProjectFile, readServices, type Service } from './compose-file.ts';

/** An environment in which each variable has its own name as value. */
const everything = new Proxy<Record<string, string>>({}, { get: (_, name) => `<${String(name)}>` });
const services = readServices(everything);
const builtServices = Object.entries(services).filter(([, { build }]) => build !== undefined);

/** Reads the services with no other database than that of the file, except for these variables. */
function servicesOnDatabase(own: Readonly<Record<string, string>> = {}) {
  const valueOf = (name: string) =>
    own[name] ?? (/DATABASE_(DIRECT_)?URL$/.test(name) ? undefined : `<${name}>`);
  const env = new Proxy({}, { get: (_, name) => valueOf(String(name)) });
  return readServices(env);
}

/** Reads the services where neither a database nor a Temporal of one's own is named. */
function servicesInside() {
  const isElsewhere = (name: string) => /DATABASE_(DIRECT_)?URL$|^TEMPORAL_ADDRESS$/.test(name);
  const valueOf = (name: string) => (isElsewhere(name) ? undefined : `<${name}>`);
  return readServices(new Proxy({}, { get: (_, name) => valueOf(String(name)) }));
}

/** Set by the image, because each container has its own ports and addresses. */
const setByImage = new Set(['PORT', 'METRICS_PORT', 'API_METRICS_PORT', 'LISTEN_HOST']);

/** The variables that a process reads, whatever their values. */
function variablesOf(name: ProcessName): string[] {
  const seen = new Set<string>();
  const env = new Proxy<NodeJS.ProcessEnv>({}, { get: (_, key) => (seen.add(String(key)), undefined) });
  expect(() => readSettings(env, name)).toThrow(/missing or wrong/);
  return [...seen].filter((key) => !setByImage.has(key) && !/_PATH$|_FILE$/.test(key)).toSorted();
}

test.each(builtServices)('%s receives every setting that it reads', (name, { environment }) => {
  expect(variablesOf(name as ProcessName).filter((variable) => !(variable in environment))).toEqual([]);
});

test.each(builtServices)('%s receives no secret that it does not read', (name, { environment }) => {
  const variables = new Set(variablesOf(name as ProcessName));
  const secrets = Object.keys(environment).filter((key) =>
    /SECRET|PASSWORD|TOKEN|PRIVATE|(FEEDS|MASTER)_KEY|DATABASE_URL/.test(key),
  );
  const ofTheAwsSdk = (key: string) => name === 'worker' && key.startsWith('AWS_');
  expect(secrets.filter((key) => !variables.has(key) && !ofTheAwsSdk(key))).toEqual([]);
});

test.each(builtServices)('%s runs without privileges, on a read-only file system', (_, service) => {
  expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  expect(readProjectFile('Dockerfile')).toMatch(/^USER node$/m);
});

test('services have a restart rule and a health check; jobs are retried and end', () => {
  const restarts = Object.entries(services).map(([name, { restart, healthcheck }]) => [
    name,
    restart,
    !!healthcheck,
  ]);
  expect(restarts).toEqual([
    ['postgres', 'unless-stopped', true],
    ['database-users', 'on-failure:5', false],
    ['temporal-schema', 'on-failure:5', false],
    ['temporal', 'unless-stopped', true],
    ['temporal-namespace', 'on-failure:5', false],
    // nothing waits for the UI, and its image has no program for a health check
    ['temporal-ui', 'unless-stopped', false],
    ['migrate', 'on-failure:5', false],
    ['provision', 'on-failure:5', false],
    ['upgrade', 'on-failure:5', false],
    ['worker', 'unless-stopped', true],
    ['promote', 'on-failure:5', false],
    ['api', 'unless-stopped', true],
    ['import', 'no', false],
    ['account', 'no', false],
    ['rotate-master-key', 'no', false],
    ['destroyed-keys', 'no', false],
    ['lines', 'no', false],
  ]);
});

test('the policy is passed on, and without a value the defaults of the code apply', () => {
  const { 'x-service': shared } = parse(readProjectFile('docker-compose.yml'), { merge: true }) as {
    'x-service': Record<string, string | null>;
  };
  const passedOn = Object.fromEntries(policyVariableNames.map((name) => [name, shared[name]]));
  expect(passedOn).toEqual(Object.fromEntries(policyVariableNames.map((name) => [name, null])));
});

test('a missing required variable is reported before anything starts', () => {
  expect(() => readServices({})).toThrow('required variable POSTGRES_PASSWORD is missing');
});

test('the superuser makes the other users and does nothing else', () => {
  const named = (text: string) => /^(?:postgres:\/\/)?(hod\w*)(?::|$)/.exec(text)?.[1] ?? [];
  const users = Object.entries(servicesOnDatabase()).map(([name, { environment }]) => [
    name,
    [...new Set(Object.values(environment).flatMap(named))].toSorted(),
  ]);
  expect(users.filter(([, found]) => found?.length)).toEqual([
    ['postgres', ['hod']],
    ['database-users', ['hod', 'hod_application', 'hod_migrations', 'hod_retention', 'hod_temporal']],
    ['temporal-schema', ['hod_temporal']],
    ['temporal', ['hod_temporal']],
    ['migrate', ['hod_application', 'hod_migrations', 'hod_retention']],
    ['upgrade', ['hod_application']],
    ['worker', ['hod_application', 'hod_retention']],
    ['api', ['hod_application']],
    ['import', ['hod_application']],
    ['account', ['hod_application']],
    ['rotate-master-key', ['hod_application']],
    ['destroyed-keys', ['hod_application']],
    ['lines', ['hod_application']],
  ]);
});

test('in a database of your own one user does every job, unless you name another', () => {
  const own = { DATABASE_URL: 'postgres://own@db.example.org/own' };
  const migrates = (env: Readonly<Record<string, string>>) =>
    servicesOnDatabase(env)['migrate']?.environment['MIGRATION_DATABASE_URL'];
  expect(migrates(own)).toBe(own.DATABASE_URL);
  const direct = 'postgres://own@primary.example.org/own';
  expect(migrates({ ...own, DATABASE_DIRECT_URL: direct })).toBe(direct);
  const owner = 'postgres://owner@db.example.org/own';
  expect(migrates({ ...own, DATABASE_DIRECT_URL: direct, MIGRATION_DATABASE_URL: owner })).toBe(owner);
});

test('the file has no value of a secret', () => {
  const { services: written } = parse(readProjectFile('docker-compose.yml'), { merge: true }) as {
    services: Record<string, { environment?: Record<string, string | null> }>;
  };
  const values = Object.values(written).flatMap(({ environment = {} }) => Object.entries(environment));
  const secrets = values.filter(([name]) => /SECRET|PASSWORD|PWD|TOKEN|PRIVATE|_KEY/.test(name));
  expect(secrets.length).toBeGreaterThan(5);
  for (const [name, value] of secrets)
    expect([name, value ?? '${']).toEqual([name, expect.stringMatching(/^\$\{/)]);
});

test('only the API and the UI can be reached, only from this machine, and the UI cannot write', () => {
  const reachable = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
  expect(reachable.map(([name]) => name).toSorted()).toEqual(['api', 'temporal-ui']);
  for (const [, { ports = [] }] of reachable) expect(ports[0]).toMatch(/^127\.0\.0\.1:/);
  expect(services['temporal-ui']?.environment).toMatchObject({
    TEMPORAL_ADDRESS: 'temporal:7233',
    TEMPORAL_DISABLE_WRITE_ACTIONS: 'true',
  });
});

test.each([
  ['database', /@postgres:|^postgres$/],
  ['temporal', /^temporal(:7233)?$/],
])('the network of %s has no way out, and only those are on it who use what is there', (network, address) => {
  const { networks } = parse(readProjectFile('docker-compose.yml')) as { networks: Record<string, object> };
  expect(networks[network]).toEqual({ internal: true });
  const users = Object.entries(servicesInside()).filter(([, { environment }]) =>
    Object.values(environment).some((value) => address.test(value)),
  );
  const on = Object.entries(services).filter(([, service]) => service.networks.includes(network));
  const [host = ''] = Object.keys(services).filter((name) => address.test(name));
  expect(on.map(([name]) => name).toSorted()).toEqual(
    [...new Set([host, ...users.map(([name]) => name)])].toSorted(),
  );
});

test('images have versions, and Temporal’s server and tools have the same one', () => {
  const version = (service: Service | undefined) => service?.image.split(':')[1];
  const others = Object.values(services).filter(({ build }) => build === undefined);
  for (const service of others) expect(service.image).toMatch(/:\d+\.\d+[\d.]*$/);
  expect(version(services['temporal-schema'])).toBe(version(services['temporal']));
  expect(version(services['temporal-namespace'])).toBe(version(services['temporal']));
});

test('the image is built from every layer', () => {
  const { include } = JSON.parse(readProjectFile('tsconfig.build.json')) as { include: string[] };
  const dockerignore = readProjectFile('.dockerignore').split('\n');
  expect(dockerignore).toEqual(
    expect.arrayContaining([...include, 'portal', 'scripts'].map((layer) => `!${layer}`)),
  );
  expect(dockerignore).not.toContain('!.env');
});

test('the lock file has every native package of the image for both kinds of processors, with its hash', () => {
  const { packages } = JSON.parse(readProjectFile('package-lock.json')) as {
    packages: Record<string, LockedPackage>;
  };
  const nativeFor = (processor: string) =>
    Object.entries(packages)
      .filter(
        ([, { dev, os, cpu, libc }]) =>
          !dev && os?.includes('linux') && cpu?.includes(processor) && !libc?.includes('musl'),
      )
      .map(([path, { integrity }]) => [path.replace(processor, 'PROCESSOR'), integrity?.slice(0, 7)]);
  expect(nativeFor('x64')).toContainEqual(['node_modules/@node-rs/argon2-linux-PROCESSOR-gnu', 'sha512-']);
  expect(nativeFor('arm64')).toEqual(nativeFor('x64'));
});

interface LockedPackage {
  integrity?: string;
  dev?: boolean;
  os?: readonly string[];
  cpu?: readonly string[];
  libc?: readonly string[];
}

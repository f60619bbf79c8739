import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { builtProgram } from '../harness/built-program.ts';
import { addSearchAttributes, ownSearchAttributes } from '../harness/servers/search-attributes.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';
import { startTemporalCloud, type TemporalCloud } from '../harness/servers/temporal-cloud.ts';

const retention = (days: number) => ({ workflowExecutionRetentionTtl: msToTs(`${days} days`) });
const changes = /^(Add|Remove|Update|Register|Create|Delete|Patch)/;

let connection: Connection;
let cloud: TemporalCloud;
let folder: string;
let program: string;

beforeAll(async () => {
  const { address } = await getSharedServer('temporal');
  connection = await Connection.connect({ address });
  cloud = await startTemporalCloud(address);
  folder = mkdtempSync(join(tmpdir(), 'provision-'));
  program = await builtProgram('worker/cli/provision');
}, 300_000);
afterAll(async () => {
  await cloud.close();
  await connection.close();
  rmSync(folder, { recursive: true });
});

/** Creates a namespace of its own, as the administrator of a server or of an account does. */
async function createNamespace(days: number): Promise<Client> {
  const namespace = `help-${randomBytes(4).toString('hex')}.a1b2c`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs(`${days} days`),
  });
  return new Client({ connection, namespace });
}

/** Runs `npm run provision` in an empty folder, through the front. */
async function provision(namespace: string, given: Record<string, string> = {}) {
  const env = {
    PATH: process.env['PATH'],
    TEMPORAL_ADDRESS: cloud.address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_API_KEY: cloud.apiKey,
    TEMPORAL_TLS_SERVER_CA_CERT_DATA: cloud.certificate,
    ...given,
  };
  const seen = { passed: cloud.passed.length, refused: cloud.refused.length };
  const ended = await new Promise<{ code: number; err: string }>((resolve) => {
    execFile(process.execPath, [program], { cwd: folder, env, timeout: 60_000 }, (error, _, err) =>
      resolve({ code: error ? Number(error.code) : 0, err }),
    );
  });
  return {
    ...ended,
    changed: cloud.passed.slice(seen.passed).filter((name) => changes.test(name)),
    refused: cloud.refused.slice(seen.refused),
  };
}

test('where Temporal Cloud refuses, what is missing is said at once with its commands, and the schedules are made', async () => {
  const client = await createNamespace(7);
  const { namespace } = client.options;
  const { code, err, changed, refused } = await provision(namespace);
  expect({ code, refused: new Set(refused) }).toEqual({
    code: 3,
    refused: new Set(['ListSearchAttributes', 'AddSearchAttributes', 'UpdateNamespace']),
  });
  expect(err).toContain(`tcld namespace search-attributes add --namespace ${namespace} `);
  expect(err).toContain('--search-attribute "Causes=KeywordList" --search-attribute "PlanYear=Int"');
  expect(err).toContain(`tcld namespace retention set --namespace ${namespace} --retention-days 30`);
  expect(changed).toEqual(['CreateSchedule', 'CreateSchedule']);
  expect(await client.schedule.getHandle('audit').describe()).toMatchObject({
    action: { workflowType: 'audit' },
  });
});

test('once an administrator has made it, provision changes nothing and ends well', async () => {
  const client = await createNamespace(30);
  const { namespace } = client.options;
  await addSearchAttributes(client, ownSearchAttributes);
  expect(await provision(namespace)).toMatchObject({ code: 0, err: '' });
  const again = await provision(namespace);
  expect(again).toEqual({ code: 0, err: '', changed: [], refused: ['ListSearchAttributes'] });
});

test('a search attribute of another type has to make room, and is not taken for ours', async () => {
  const client = await createNamespace(30);
  const { namespace } = client.options;
  await addSearchAttributes(client, [
    { name: 'Stage', type: 'TEXT' },
    ...ownSearchAttributes.filter(({ name }) => name !== 'Stage'),
  ]);
  const { code, err } = await provision(namespace);
  expect(code).toBe(3);
  expect(err).toContain('Stage (which must be Keyword)');
  expect(err).toContain(`rename --namespace ${namespace} --existing-name Stage --new-name StageBefore`);
});

test('a server of one’s own is changed only where it differs', async () => {
  const client = await createNamespace(7);
  const { namespace } = client.options;
  const { address } = await getSharedServer('temporal');
  const own = { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: '', TEMPORAL_TLS_SERVER_CA_CERT_DATA: '' };
  expect(await provision(namespace, own)).toMatchObject({ code: 0, err: '' });
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  expect(config?.workflowExecutionRetentionTtl).toMatchObject({
    seconds: retention(30).workflowExecutionRetentionTtl.seconds,
  });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  expect(Object.keys(customAttributes ?? {})).toEqual(
    expect.arrayContaining(ownSearchAttributes.map(({ name }) => name)),
  );
});

test('a wrong API key is named, and no key is shown', async () => {
  const { code, err } = await provision('default', {
    TEMPORAL_API_KEY: 'whispered',
    CONNECT_TIMEOUT: '5 seconds',
  });
  expect({ code, err }).toEqual({
    code: 1,
    err: `Temporal cannot be reached at ${cloud.address}: it does not let this process in (TEMPORAL_API_KEY). TEMPORAL_ADDRESS names it.\n`,
  });
});

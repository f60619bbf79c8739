import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { addSearchAttributes, ownSearchAttributes } from '../harness/servers/search-attributes.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';
import { startTemporalCloud, type TemporalCloud } from '../harness/servers/temporal-cloud.ts';
import { runStart } from '../recovery/running-start.ts';
import { askForHelp, nextOffer, untilReferralStage } from './help-requests.ts';

const namespace = 'help-on-demand.a1b2c';
let connection: Connection;
let cloud: TemporalCloud;
let running: Awaited<ReturnType<typeof runStart>>;

beforeAll(async () => {
  const { address } = await getSharedServer('temporal');
  connection = await Connection.connect({ address });
  cloud = await startTemporalCloud(address);
  // what an administrator makes with tcld
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('30 days'),
  });
  await addSearchAttributes(new Client({ connection, namespace }), ownSearchAttributes);
  running = await runStart({
    TEMPORAL_ADDRESS: cloud.address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_API_KEY: cloud.apiKey,
    TEMPORAL_TLS_SERVER_CA_CERT_DATA: cloud.certificate,
  });
  await running.untilUp();
}, 240_000);
afterAll(async () => {
  await running.end();
  await cloud.close();
  await connection.close();
}, 60_000);

test('provision, upgrade, worker, promote and API work through Temporal Cloud, and a referral is accepted', async () => {
  const { user } = running;
  const agents = await running.agents();
  const referral = await askForHelp(user);
  const { agent, offer } = await nextOffer(running, agents, referral);
  await user.expect('POST', `offers/${offer.id}/acceptance`, { cookie: agent.cookie, body: {} });
  await untilReferralStage(running, referral, 'accepted');
  expect(new Set(cloud.refused)).toEqual(new Set(['ListSearchAttributes']));
  expect(cloud.passed).toEqual(
    expect.arrayContaining([
      'CreateSchedule',
      'SetWorkerDeploymentCurrentVersion',
      'UpdateWorkflowExecution',
      'PollWorkflowTaskQueue',
    ]),
  );
}, 120_000);

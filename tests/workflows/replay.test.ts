import { describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { onboardingStages, referralStages } from '../../domain/stages.ts';
import { quietSdk } from '../harness/quiet-sdk.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';
import { historiesAhead, readHistory, recordedHistories, stagesIn } from './scenarios/recorded-histories.ts';

describe('a history that this version has recorded replays', () => {
  quietSdk();

  test.each([...recordedHistories, ...historiesAhead])('%s', async (name) => {
    const options = { workflowBundle: await getSharedServer('workflowBundle') };
    await expect(Worker.runReplayHistory(options, readHistory(name))).resolves.toBeUndefined();
  });

  test.each([
    ['onboarding', onboardingStages],
    // a referral has no workflow before its contact is confirmed
    ['referral', referralStages.filter((stage) => stage !== 'unconfirmed')],
  ])('every stage that the workflow %s shows is in one of them', (workflow, stages) => {
    const histories = recordedHistories.filter((name) => name.startsWith(workflow)).map(readHistory);
    expect(new Set(histories.flatMap(stagesIn))).toEqual(new Set(stages));
  });

  test('a changed workflow is noticed', async () => {
    const options = { workflowBundle: await getSharedServer('workflowBundle') };
    const history = readHistory('referral-handed-back-withdrawn');
    const events = history.events?.map((event) => {
      const { activityTaskScheduledEventAttributes: scheduled } = event;
      if (scheduled?.activityType?.name === 'recordOutcome') scheduled.activityType.name = 'recordAnother';
      return event;
    });
    await expect(Worker.runReplayHistory(options, { events })).rejects.toThrow(/Nondeterminism/);
  });
});

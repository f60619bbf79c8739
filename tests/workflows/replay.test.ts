import { describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { askKeeper } from '../support/kept.ts';
import { quietSdk } from '../support/quiet-sdk.ts';
import { readHistory, recordedHistories } from './recorded-histories.ts';

describe('a story that was recorded with an earlier version replays with this one', () => {
  quietSdk();

  test.each(recordedHistories)('%s', async (name) => {
    const options = { workflowBundle: await askKeeper('workflowBundle') };
    await expect(Worker.runReplayHistory(options, readHistory(name))).resolves.toBeUndefined();
  });

  test('a changed story is noticed', async () => {
    const options = { workflowBundle: await askKeeper('workflowBundle') };
    const history = readHistory('referral-handed-back-withdrawn');
    const events = history.events?.map((event) => {
      const { activityTaskScheduledEventAttributes: scheduled } = event;
      if (scheduled?.activityType?.name === 'closeReferral') scheduled.activityType.name = 'closeAnother';
      return event;
    });
    await expect(Worker.runReplayHistory(options, { events })).rejects.toThrow(/Nondeterminism/);
  });
});

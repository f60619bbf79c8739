import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { factsChanged, register } from '../../workflows/messages.ts';
import { type PatchName, patches } from '../../workflows/patches.ts';
import { eventually } from '../harness/eventually.ts';
import { quietSdk } from '../harness/quiet-sdk.ts';
import { connectTestTemporal, type TestTemporal } from '../harness/servers/temporal-dev-server.ts';
import { guidePolicy } from './scenarios/guide-policy.ts';
import { invitedOnboarding, sentNoticeKinds } from './scenarios/onboarding-scenarios.ts';
import { isRecording, patchesIn, writeHistory } from './scenarios/recorded-histories.ts';
import { createWorkflowHarness, type WorkflowHarness } from './scenarios/workflow-harness.ts';

/**
 * A run moves between a release in which a patch is on and one that only ships it. Both have the same code, and no worker
 * keeps a run in its cache, so that each workflow task begins with a replay.
 */
type Release = 'with the patch on' | 'that only ships it';
const [on, off] = ['with the patch on', 'that only ships it'] as const;

let temporal: TestTemporal;
let harness: WorkflowHarness;
let endWorker = async () => {};
beforeAll(async () => {
  quietSdk();
  temporal = await connectTestTemporal();
  harness = createWorkflowHarness({ ...temporal, policy: guidePolicy, now: async () => new Date() });
});
afterAll(async () => {
  await harness.endWorkflows();
  await endWorker();
  await temporal.close();
});

/** Ends the worker that runs, and starts one of the other release. */
async function moveTo(release: Release, name: PatchName): Promise<void> {
  await endWorker();
  endWorker = await harness.startWorker({
    maxCachedWorkflows: 0,
    patchActivationCallback: ({ patchId }) => patchId !== name || release === on,
  });
}

describe('no review after a registration: a run that registers in a release', () => {
  const name = 'no-review-after-registration';

  test.each([
    { releases: [off, on, off], reviewed: [true, false, false] },
    { releases: [on, off, on], reviewed: [false, false, false] },
    { releases: [off, off, off], reviewed: [true, true, true] },
  ])('$releases.0, then one $releases.1, then one $releases.2', async ({ releases, reviewed }) => {
    await moveTo(releases[0] ?? off, name);
    const { about, handle } = await invitedOnboarding(harness);
    const sinceRegistration = () =>
      about.activityCalls.slice(about.activityCalls.lastIndexOf('completeRegistration') + 1);
    for (const [index, release] of releases.entries()) {
      await moveTo(release, name);
      await handle.executeUpdate(register, { args: [{ registrationRequestId: `${index}` }] });
      await sentNoticeKinds(harness, about, 'registration-confirmed');
      const expected = reviewed[index] ? ['reviewOnboarding'] : [];
      await eventually(() => expect(sinceRegistration()).toEqual(expected));
      // the account is gone, so that the agent is invited again
      about.facts.registeredAt = null;
      about.facts.invitation = undefined;
      await handle.signal(factsChanged);
      await sentNoticeKinds(harness, about, 'invitation');
      expect(sinceRegistration()).toEqual([...expected, 'reviewOnboarding', 'inviteAgent']);
    }
    about.facts.leftAt = new Date();
    await handle.signal(factsChanged);
    expect(await handle.result()).toBe('left');
    const [history] = await harness.historiesOf(handle);
    expect(patchesIn(history ?? {})).toEqual(releases.includes(on) ? [name] : []);
    // the next release may write such a history; once the patch is on, the main paths have it
    const isAhead = releases[0] === on && patches[name].switchedOnIn === undefined;
    if (isRecording && isAhead && history) writeHistory(`ahead/${name}`, history);
  });

  test('this release writes its marker if the patch is on, and not otherwise', async () => {
    await endWorker();
    endWorker = await harness.startWorker();
    const { about, handle } = await invitedOnboarding(harness);
    await handle.executeUpdate(register, { args: [{ registrationRequestId: 'first' }] });
    await sentNoticeKinds(harness, about, 'registration-confirmed');
    const [history] = await harness.historiesOf(handle);
    expect(patchesIn(history ?? {})).toEqual(patches[name].switchedOnIn === undefined ? [] : [name]);
  });

  test('all of them replay to the same commands', async () => {
    expect(await harness.replayAll()).toEqual({});
  });
});

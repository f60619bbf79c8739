import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { invitationEnds, invitationStatus } from '../../../domain/onboarding/invitation.ts';
import { readFacts } from '../../../store/onboarding/facts.ts';
import { endDeadInvitations, readLiveInvitation } from '../../../store/onboarding/invitations.ts';
import {
  type ActivityHarness,
  after,
  hours,
  monday,
  openActivityHarness,
} from '../../harness/activity-harness.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());

const expiresAt = after(hours(48));
const everyState = [null, ...invitationEnds].flatMap((endedAs) =>
  [-1, 0, 1].flatMap((ms) =>
    [false, true].map((sentToFormerAddress) => ({
      endedAs,
      now: new Date(expiresAt.getTime() + ms),
      sentToFormerAddress,
    })),
  ),
);

test.each(everyState)(
  'SQL and the rule agree about an invitation that ended as $endedAs, at $now, sent to a former address: $sentToFormerAddress',
  async ({ endedAs, now, sentToFormerAddress }) => {
    const { db } = harness;
    const key = await seedAgent(db, { planYear: 2027 });
    const { npn } = key;
    const { email } = await db
      .selectFrom('agents')
      .select('email')
      .where('npn', '=', npn)
      .executeTakeFirstOrThrow();
    await db
      .insertInto('invitations')
      .values({
        id: randomUUID(),
        ...key,
        number: 1,
        tokenSha256: npn,
        sentTo: sentToFormerAddress ? 'former@example.org' : email,
        issuedAt: monday,
        remindAt: monday,
        expiresAt,
        endedAs,
        endedAt: endedAs && monday,
        policyVersion: 'tests-1',
      })
      .execute();
    const status = invitationStatus({ endedAs, expiresAt, sentToFormerAddress }, now);
    const fact = (await readFacts(db, key))?.facts.invitation;
    // an invitation that was never sent is none
    expect(fact && invitationStatus(fact, now)).toBe(status === 'unsent' ? undefined : status);

    await endDeadInvitations(db, { npn, at: now });
    const row = await db
      .selectFrom('invitations')
      .select('endedAs')
      .where('npn', '=', npn)
      .executeTakeFirst();
    expect(row?.endedAs ?? 'live').toBe(status);
    expect((await readLiveInvitation(db, { npn, at: now })) !== undefined).toBe(status === 'live');
  },
);

import { createOnboardingActivities } from '../../activities/onboarding/onboarding.ts';
import { saveOpsAccount } from '../../store/accounts/ops-accounts.ts';
import { generatePassword, hashPassword } from '../../store/accounts/passwords.ts';
import { findOrCreateDelivery } from '../../store/notifications/deliveries.ts';
import { applyFailureReport } from '../../store/notifications/delivery-reports.ts';
import { keyedPhone, saveReply, stopTexts } from '../../store/notifications/text-opt-outs.ts';
import { applyOpsAction } from '../../store/ops/ops-actions.ts';
import { planYearsOn } from './days.ts';
import type { PastContext, PastOptions } from './past-context.ts';
import { createPastOnboarding, type PastOnboarding } from './past-onboarding.ts';
import { planPastReferrals } from './past-referrals.ts';
import { dayMs } from './past-requests.ts';
import { type SamplePerson, samplePeople, stuckPeople } from './sample-agents.ts';

const hourMs = 3_600_000;

/** What the parts of the past are planned with. */
interface Plan extends PastContext {
  onboarding: PastOnboarding;
  /** The instant of an hour of a day, both counted from the beginning. */
  on: (day: number, hour: number) => Date;
  /** The plan years of an agent, the earlier one first. */
  yearsOf: (person: SamplePerson) => number[];
  /** Reviews the onboardings of an agent, and takes what is due. */
  follow: (person: SamplePerson) => Promise<void>;
}

/** Plans the agents' onboardings, what happens to those who are stuck, the requests, and what ops have to look at. */
export async function planPast(
  context: PastContext,
  { seed, from, passwordOf }: PastOptions & { from: Date },
): Promise<void> {
  const { clock } = context;
  const onboarding = createPastOnboarding(
    context,
    createOnboardingActivities({ ...context, now: clock.now }),
  );
  const [earlier, later] = planYearsOn(Math.floor(from.getTime() / dayMs));
  const yearsOf = ({ newToMarketplace }: SamplePerson) => (newToMarketplace ? [later] : [earlier, later]);
  const plan: Plan = {
    ...context,
    onboarding,
    on: (day, hour) => new Date(from.getTime() + day * dayMs + hour * hourMs),
    yearsOf,
    async follow(person) {
      for (const planYear of yearsOf(person)) await onboarding.follow({ npn: person.npn, planYear });
    },
  };
  const { withoutCoursework, withoutHealthLine, withExpiredLink, withoutTerms, onHold } = stuckPeople;
  for (const person of samplePeople.onboarded) {
    const passwordHash = await hashPassword(passwordOf(person.username));
    planRegistration(plan, person, { passwordHash, at: plan.on(0, 1), acceptsTerms: true });
  }
  // nobody logs in as these
  const passwordHash = await hashPassword(generatePassword());
  planRegistration(plan, onHold, { passwordHash, at: plan.on(0, 2), acceptsTerms: true });
  planRegistration(plan, withoutTerms, { passwordHash, at: plan.on(9, 1), acceptsTerms: false });
  clock.at(plan.on(14, 1), () => plan.follow(withoutCoursework));
  clock.at(plan.on(14, 2), () => plan.follow(withoutHealthLine));
  clock.at(plan.on(21, 1), () => plan.follow(withExpiredLink));
  planReturnedMail(plan, stuckPeople.withReturnedMail);
  planUnclearReply(plan, onHold);
  planHold(plan, onHold, await hashPassword(passwordOf('ops')));
  const [, busy] = samplePeople.onboarded;
  planPastReferrals(context, { from: plan.on(1, 0), seed, busyNpns: [busy.npn, onHold.npn] });
}

/** Plans that an agent is invited, registers an hour later, and accepts the terms another hour later. */
function planRegistration(
  { clock, onboarding, follow, yearsOf }: Plan,
  person: SamplePerson,
  { passwordHash, at, acceptsTerms }: { passwordHash: string; at: Date; acceptsTerms: boolean },
): void {
  clock.at(at, () => follow(person));
  clock.at(at.getTime() + hourMs, async () => {
    await onboarding.register(person, { planYear: yearsOf(person).at(-1) ?? 0, passwordHash });
    await follow(person);
  });
  if (acceptsTerms)
    clock.at(at.getTime() + 2 * hourMs, async () => {
      await onboarding.accept(person.npn);
      await follow(person);
    });
}

/** Plans an invitation that comes back ten minutes later. */
function planReturnedMail(
  { db, keyring, policy, clock, on, onboarding, yearsOf }: Plan,
  person: SamplePerson,
): void {
  const { npn, email } = person;
  const key = { npn, planYear: yearsOf(person).at(-1) ?? 0 };
  clock.at(on(21, 2), async () => {
    const { notices } = await onboarding.follow(key);
    const returned = notices.find(({ kind }) => kind === 'invitation');
    if (!returned) throw new Error('The invitation that comes back was not sent');
    clock.at(clock.now().getTime() + hourMs / 6, async () => {
      const at = clock.now();
      const { noticeId } = returned;
      const { id: attemptId } = await findOrCreateDelivery(db, { noticeId, channel: 'email', at });
      const report = { status: 'bounced', code: '5.1.1', attemptId, addresses: [email], at } as const;
      await applyFailureReport(db, keyring, report, policy);
      await onboarding.follow(key);
    });
  });
}

/** Plans a reply to a text that is not understood, so that texts stop until ops decide. */
function planUnclearReply({ db, keyring, clock, on, follow }: Plan, person: SamplePerson): void {
  clock.at(on(26, 3), async () => {
    const at = clock.now();
    await saveReply(db, { providerMessageId: 'SM-of-the-sample', kinds: ['unclear'], at });
    await stopTexts(db, { ...keyedPhone(keyring, person.phone), by: 'unclear-reply', at });
    await follow(person);
  });
}

/** Plans that ops put an agent on hold. */
function planHold(
  { db, clock, on, follow }: Plan,
  { npn, ...person }: SamplePerson,
  passwordHash: string,
): void {
  clock.at(on(26, 5), async () => {
    const at = clock.now();
    const account = { role: 'ops', username: 'ops', passwordHash, passwordEndsAt: null, at } as const;
    const saved = await saveOpsAccount(db, account);
    if (!saved) throw new Error('The account of ops could not be opened');
    const reason =
      'Consumers say that they were called again and again. Waiting for the answer of the agent.';
    await applyOpsAction(db, { npn, action: 'hold', reason, accountId: saved.accountId, at });
    await follow({ npn, ...person });
  });
}

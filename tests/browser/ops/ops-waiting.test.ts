import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { maxOpenItems } from '../../../api/schemas/ops/ops-actions.ts';
import { startTexts, stopTexts } from '../../../store/notifications/text-opt-outs.ts';
import { decideOnReply } from '../../../store/notifications/unclear-replies.ts';
import { anyConsumer, askForHelp } from '../../end-to-end/help-requests.ts';
import { keyed } from '../../harness/keyring.ts';
import { addAgent, addOffer, hour } from '../../harness/people/people.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import { accessibilityFaults, overflow } from '../browser.ts';
import { addOps, type OpsAccount, visitAsOps } from '../ops-account.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
let ops: OpsAccount;
beforeAll(async () => {
  stack = await startPortalStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  // of each test its own: the codes of one account that logs in so often would be waited for
  ops = await addOps(stack);
  await asOwner(
    stack,
    'delete from problem_reports; delete from text_stop_decisions; delete from text_opt_outs',
  );
});

for (const { width, narrow } of [
  { width: 'a desk', narrow: false },
  { width: 'a phone', narrow: true },
]) {
  test(`on ${width}, only what waits for a person is on the first page, the oldest first`, async () => {
    const first = await report('asked-for-money', new Date(Date.now() - 72 * hour));
    const second = await report('kept-calling', new Date(Date.now() - hour), first.npn);
    const shared = await unclearReply(new Date(Date.now() - 5 * hour));
    const { page, faults, close } = await visitAsOps(stack, ops, '/ops', { narrow });

    const reports = page.getByRole('table', { name: 'Problems that consumers reported about agents' });
    const rows = reports.getByRole('row', { name: new RegExp(first.npn) });
    await rows.first().waitFor();
    expect(await rows.count()).toBe(2);
    expect(await rows.first().textContent()).toContain('3 days');
    expect(await rows.first().textContent()).toContain('Marisol Okafor');
    expect(await rows.first().textContent()).toContain('The agent asked for money');
    expect(await rows.first().textContent()).toContain(first.referralId);
    expect(await rows.last().textContent()).toContain('The agent keeps calling');
    expect(await rows.last().textContent()).toContain(second.referralId);
    expect(await rows.last().locator('[headers=problems-table-column-3]').textContent()).toMatch(/2$/);

    const reply = page
      .getByRole('table', { name: 'Unclear replies to texts' })
      .getByRole('row', { name: new RegExp(shared.npn) });
    expect(await reply.textContent()).toContain('5 hours');
    expect(await reply.textContent()).toContain(`Request ${shared.referralId}`);
    expect(await page.textContent('body')).not.toContain(shared.phone.slice(2));
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);

    await reply.getByRole('button', { name: 'Treat as STOP' }).click();
    await page.getByRole('dialog', { name: 'Treat as STOP' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    // closing the dialog returns the focus to its button
    await page.getByRole('button', { name: 'Cancel' }).last().click();
    await page.locator('td button:focus', { hasText: 'Treat as STOP' }).waitFor();

    await reply.getByRole('link', { name: `Agent ${shared.npn}` }).click();
    await page.getByRole('heading', { level: 1, name: `Agent ${shared.npn}` }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });
}

test('a report is marked as handled with a reason; then it leaves the list, and nothing waits', async () => {
  const { id, npn } = await report('not-professional', new Date());
  const { page, faults, close } = await visitAsOps(stack, ops, '/ops');
  await page.getByRole('button', { name: `Mark as handled Agent ${npn}` }).click();
  const dialog = page.getByRole('dialog', { name: 'Mark as handled' });
  await dialog.getByText('The agent did not behave professionally').waitFor();
  await dialog.getByRole('button', { name: 'Mark as handled' }).click();
  await dialog.getByText('Enter a reason of at most 500 characters.').waitFor();
  expect(await dialog.getByRole('textbox').evaluate((box) => box === document.activeElement)).toBe(true);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await handlingOf(id)).toEqual({ by: null, handledReason: null });

  await dialog.getByRole('textbox').fill('I called both of them');
  await dialog.getByRole('button', { name: 'Mark as handled' }).click();
  await page.getByText('The report is marked as handled.').waitFor();
  await page.getByText('No reported problems.').waitFor();
  await page.getByText('No unclear replies.').waitFor();
  await page.locator('h2:focus', { hasText: 'Waiting for your decision' }).waitFor();
  expect(await handlingOf(id)).toEqual({ by: ops.username, handledReason: 'I called both of them' });
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await close();
});

for (const { name, texts, said, stops } of [
  { name: 'Allow texts', texts: 'again', said: 'Texts go to this phone again.', stops: 0 },
  {
    name: 'Treat as STOP',
    texts: 'off',
    said: 'The reply counts as STOP. No texts go to this phone.',
    stops: 1,
  },
]) {
  test(`a reply is decided with a reason: ${name}`, async () => {
    const { id, npn, phone } = await unclearReply(new Date());
    const { page, faults, close } = await visitAsOps(stack, ops, '/ops');
    const dialog = await decide(page, { name, npn, reason: ' ' });
    await dialog.getByText('Enter a reason of at most 500 characters.').waitFor();
    expect(await decisions()).toEqual([]);

    await dialog.getByRole('textbox').fill('We talked on the phone');
    await dialog.getByRole('button', { name }).click();
    await page.getByText(said).waitFor();
    await page.getByText('No unclear replies.').waitFor();
    await page.locator('h2:focus', { hasText: 'Waiting for your decision' }).waitFor();
    expect(await decisions()).toEqual([{ optOutId: id, texts, reason: 'We talked on the phone' }]);
    const stopped = await stack.db
      .selectFrom('textOptOuts')
      .select('id')
      .where('phoneKey', '=', keyed(phone).phoneKey)
      .execute();
    expect(stopped).toHaveLength(stops);
    expect(faults).toEqual([]);
    await close();
  });
}

test('a decision that contradicts one made meanwhile shows an error, and the list shows the current state', async () => {
  const { id, npn } = await unclearReply(new Date());
  const { page, faults, close } = await visitAsOps(stack, ops, '/ops');
  await hearNothing(page);
  const button = page.getByRole('button', { name: new RegExp(`Allow texts.*${npn}`) });
  await button.waitFor();
  const { id: accountId } = await stack.db
    .selectFrom('accounts')
    .select('id')
    .where('username', '=', ops.username)
    .executeTakeFirstOrThrow();
  const before = { id, texts: 'off', accountId, reason: 'They want no texts', at: new Date() } as const;
  expect(await stack.db.transaction().execute((tx) => decideOnReply(tx, before))).toBe('done');

  const dialog = await decide(page, { name: 'Allow texts', npn, reason: 'They said thank you' });
  await dialog.getByText('Ops have already decided the opposite.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByText('No unclear replies.').waitFor({ state: 'attached' });
  await dialog.getByRole('button', { name: 'Cancel' }).last().click();
  await page.locator('h2:focus', { hasText: 'Waiting for your decision' }).waitFor();
  expect(await decisions()).toEqual([{ optOutId: id, texts: 'off', reason: 'They want no texts' }]);
  expect(faults).toEqual([]);
  await close();
});

test('where the owner has sent START meanwhile there is nothing to decide, and the page says so', async () => {
  const { npn, phone } = await unclearReply(new Date());
  const { page, close } = await visitAsOps(stack, ops, '/ops');
  await hearNothing(page);
  await page.getByRole('button', { name: new RegExp(`Treat as STOP.*${npn}`) }).waitFor();
  await stack.db.transaction().execute((tx) => startTexts(tx, { ...keyed(phone), at: new Date() }));
  const dialog = await decide(page, { name: 'Treat as STOP', npn, reason: 'They want no texts' });
  await dialog.getByText('There is nothing left to decide').waitFor();
  expect(await decisions()).toEqual([]);
  await close();
});

test('a list of the maximum length says that others follow; a phone can belong to nobody', async () => {
  await unclearReply(new Date(Date.now() - hour));
  await stack.db
    .insertInto('textOptOuts')
    .values(stopsOfUnknownPhones(maxOpenItems - 2))
    .execute();
  const { page, close } = await visitAsOps(stack, ops, '/ops');
  const row = page.getByRole('row', { name: 'Nobody in this service has this phone any more.' });
  await row.first().waitFor();
  expect(await row.count()).toBe(maxOpenItems - 2);
  const more = page.getByText(`Only the oldest ${maxOpenItems} are shown`);
  expect(await more.count()).toBe(0);

  await stack.db.insertInto('textOptOuts').values(stopsOfUnknownPhones(2)).execute();
  await page.reload();
  await more.waitFor();
  expect(await row.count()).toBe(maxOpenItems - 1);
  await close();
});

/** Adds a consumer's problem report about an agent who has called, as the status page sends it. */
async function report(problem: string, reportedAt: Date, of?: string) {
  const npn = of ?? (await addAgent(stack.db, { stage: 'active', registered: true }));
  const { id: referralId, token } = await askForHelp(stack.user, anyConsumer());
  await addOffer(stack.db, { referralId, npn, acceptedAt: new Date(), endedAs: 'handed-back' });
  await stack.user.expect('POST', `referrals/${referralId}/problems`, {
    bearer: token,
    body: { problem },
  });
  const { id } = await stack.db
    .updateTable('problemReports')
    .set({ reportedAt })
    .where('referralId', '=', referralId)
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, npn, referralId };
}

/** Adds an unclear reply from a phone that an agent and a consumer share. */
async function unclearReply(at: Date) {
  const phone = nextPhone();
  const npn = await addAgent(stack.db, { stage: 'active', registered: true });
  const { id: referralId } = await askForHelp(stack.user, { ...anyConsumer(), phone });
  await stack.db.updateTable('agents').set({ phone }).where('npn', '=', npn).execute();
  await stack.db.transaction().execute((tx) => stopTexts(tx, { ...keyed(phone), by: 'unclear-reply', at }));
  const { id } = await stack.db
    .selectFrom('textOptOuts')
    .select('id')
    .where('phoneKey', '=', keyed(phone).phoneKey)
    .executeTakeFirstOrThrow();
  return { id, npn, referralId, phone };
}

/** Leaves a page without its event stream, whose first event has everything read again, so that what it shows grows old. */
async function hearNothing(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Waiting for your decision' }).waitFor();
  await page.route('**/v1/ops/events', () => undefined);
  await page.reload();
}

/** Decides a reply from an agent's phone in its dialog, with a reason. */
async function decide(page: Page, { name, npn, reason }: { name: string; npn: string; reason: string }) {
  await page.getByRole('button', { name: new RegExp(`${name}.*${npn}`) }).click();
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByRole('textbox').fill(reason);
  await dialog.getByRole('button', { name }).click();
  return dialog;
}

const decisions = () =>
  stack.db.selectFrom('textStopDecisions').select(['optOutId', 'texts', 'reason']).execute();

/** The person who handled a report, and the reason. */
const handlingOf = (id: string) =>
  stack.db
    .selectFrom('problemReports as p')
    .leftJoin('accounts as a', 'a.id', 'p.handledBy')
    .select(['a.username as by', 'p.handledReason'])
    .where('p.id', '=', id)
    .executeTakeFirstOrThrow();

let lastPhone = 8_015_552_000;
/** A phone that nothing else in this file uses. */
function nextPhone(): string {
  lastPhone += 1;
  return `+1${lastPhone}`;
}

/** Rows of texts stopped just now for phones that belong to nobody. */
const stopsOfUnknownPhones = (count: number) =>
  Array.from({ length: count }, () => ({
    phoneKey: keyed(nextPhone()).phoneKey,
    stoppedAt: new Date(),
    stoppedBy: 'unclear-reply',
  }));

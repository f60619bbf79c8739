import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import type { Locator, Page } from 'playwright-core';
import { alma, askForHelp, nextOffer } from '../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../end-to-end/onboarded-agents.ts';
import { asOwner } from '../harness/servers/postgres.ts';
import { addAgentAccount, agentPassword } from './agent-account.ts';
import { accessibilityFaults, overflow, type Visit, visit } from './browser.ts';
import { addOps, logInWithCode, visitAsOps } from './ops-account.ts';
import { type PortalStack, startPortalStack } from './portal-stack.ts';

let stack: PortalStack;
let agents: OnboardedAgent[];
beforeAll(async () => {
  stack = await startPortalStack();
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded);
  agents = await onboardAgents(stack, onboarded);
});
afterAll(() => stack.close());

interface Account {
  username: string;
  password: string;
  totpSecret?: string | undefined;
}

async function open(path: string, account: Account, how: { narrow?: boolean } = {}): Promise<Visit> {
  const opened = await visit(stack.browser, stack.apiUrl, how);
  await opened.page.goto(path);
  await logIn(opened.page, account);
  return opened;
}

async function logIn(page: Page, account: Account): Promise<void> {
  await logInWithCode(page, account);
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

const endSessions = () => stack.db.deleteFrom('sessions').execute();
/** Presses a button after the session has ended. */
async function pressWithoutSession(page: Page, button: Locator): Promise<void> {
  await beforeItAsks(page, async () => {
    await endSessions();
    await button.click();
  });
  await page.getByLabel('Username').waitFor();
}
/** Does something before the page is answered again: what it asks by itself would tell it that its session is over. */
async function beforeItAsks(page: Page, act: () => Promise<void>): Promise<void> {
  let answer = () => {};
  const done = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/v1/**', (route) => done.then(() => route.continue()));
  await act();
  answer();
}
const draftsIn = (page: Page) => page.evaluate(() => sessionStorage.getItem('drafts'));
const notice = (page: Page) => page.getByText('Here is what you typed before. It is not saved yet');
/** Brings the tab to the front. A browser without a screen does not always notice that by itself. */
async function bringToFront(page: Page): Promise<void> {
  await page.bringToFront();
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
}

describe('nothing about a consumer is saved', () => {
  test('the reason of a decline is restored; an outcome is not, and the page says so', async () => {
    const created = await askForHelp(stack.user);
    const { agent, offer } = await nextOffer(stack, agents, created);
    const passwordHash = await hash(agentPassword, { memoryCost: 1024, timeCost: 1 });
    await stack.db.updateTable('accounts').set({ passwordHash }).where('npn', '=', agent.npn).execute();
    const account = { username: agent.username, password: agentPassword };
    const { page, faults, close } = await open('/inbox', account);
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByLabel('Too busy right now').check();
    await pressWithoutSession(page, page.getByRole('button', { name: 'Decline this referral' }));
    await logIn(page, account);
    await notice(page).waitFor();
    expect(await page.getByLabel('Too busy right now').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Go back' }).click();
    expect(await draftsIn(page)).toBe(null);

    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('heading', { name: alma.name }).waitFor();
    await page.getByLabel('Wrong number or address').check();
    const drafts = JSON.parse((await draftsIn(page)) ?? '{}') as {
      forms: Record<string, { values: unknown }>;
    };
    expect(Object.entries(drafts.forms).map(([form, { values }]) => [form, values])).toEqual([
      [`outcome ${offer.id}`, null],
    ]);
    const everything = await page.evaluate(() =>
      JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)]),
    );
    expect(everything).not.toMatch(
      new RegExp(`${alma.name}|${alma.email}|555|${alma.zip}|${created.id}|wrong`, 'i'),
    );
    await pressWithoutSession(page, page.getByRole('button', { name: 'Report' }));
    await logIn(page, account);
    await page.getByText('What you typed here before was not sent').waitFor();
    expect(await page.getByLabel('Wrong number or address').isChecked()).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, {
      bearer: created.token,
      body: {},
    });
    await close();
  });
});

test('a profile saved after the session ended: the input is restored, marked as unsaved, and then saved', async () => {
  const account = await addAgentAccount(stack);
  const { page, faults, close } = await open('/profile', account, { narrow: true });
  await page.getByLabel('ZIP code').fill('85281');
  await page.getByRole('checkbox', { name: 'Spanish' }).check();
  await pressWithoutSession(page, page.getByRole('button', { name: 'Save' }));
  await page.getByText('What you typed is kept in this tab. It is not saved yet.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await logIn(page, account);

  await notice(page).waitFor();
  expect(page.url()).toBe(`${stack.apiUrl}/profile`);
  expect(await page.getByLabel('ZIP code').inputValue()).toBe('85281');
  expect(await page.getByRole('checkbox', { name: 'Spanish' }).isChecked()).toBe(true);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  const saved = () =>
    stack.db
      .selectFrom('agents')
      .select(['zip', 'languages'])
      .where('npn', '=', account.npn)
      .executeTakeFirstOrThrow();
  // nothing that was refused is sent automatically
  expect(await saved()).toEqual({ zip: '85004', languages: ['en'] });

  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your profile is saved.').waitFor();
  expect(await saved()).toEqual({ zip: '85281', languages: ['en', 'es'] });
  expect([await notice(page).count(), await draftsIn(page)]).toEqual([0, null]);
  await page.reload();
  await page.getByLabel('ZIP code').waitFor();
  expect(await notice(page).count()).toBe(0);
  expect(faults).toEqual([]);
  await close();
});

test('the restored input can be discarded for the saved values', async () => {
  const account = await addAgentAccount(stack);
  const { page, close } = await open('/profile', account);
  await page.getByLabel('ZIP code').fill('85281');
  await page.reload();
  await notice(page).waitFor();
  await page.getByRole('button', { name: 'Discard what I typed' }).click();
  expect(await page.getByLabel('ZIP code').inputValue()).toBe('85004');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('DIV');
  expect([await notice(page).count(), await draftsIn(page)]).toEqual([0, null]);
  await close();
});

describe('every form of an agent restores its input', () => {
  const time = (page: Page) => page.getByLabel('From').first();
  const forms: [
    string,
    string,
    (page: Page) => Promise<unknown>,
    (page: Page) => Promise<unknown>,
    unknown,
  ][] = [
    [
      'weekly hours',
      '/availability',
      async (page) => {
        await page.getByRole('button', { name: 'Add' }).first().click();
        await time(page).fill('09:15');
      },
      (page) => time(page).inputValue(),
      '09:15',
    ],
    [
      'an absence',
      '/availability',
      (page) => page.getByLabel('First day').fill('2026-12-24'),
      (page) => page.getByLabel('First day').inputValue(),
      '2026-12-24',
    ],
    [
      'the switch',
      '/inbox',
      async (page) => {
        await page.getByText('Options').click();
        await page.getByLabel('For how long?').selectOption('four-hours');
      },
      (page) => page.getByLabel('For how long?').inputValue(),
      'four-hours',
    ],
    [
      'leaving',
      '/account',
      async (page) => {
        await page.getByRole('button', { name: 'Leave Help On Demand…' }).click();
        await page.getByRole('radio').last().check();
      },
      (page) => page.getByRole('radio').last().isChecked(),
      true,
    ],
  ];

  test.each(forms)('%s', async (_, path, type, read, typed) => {
    const account = await addAgentAccount(stack);
    const { page, faults, close } = await open(path, account);
    await type(page);
    await endSessions();
    await page.reload();
    await logIn(page, account);
    await notice(page).waitFor();
    expect(await read(page)).toBe(typed);
    expect(await accessibilityFaults(page)).toEqual([]);
    // a log-out deletes it
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Help with health coverage' }).waitFor();
    await page.getByRole('link', { name: 'Agent log in' }).waitFor();
    expect(await draftsIn(page)).toBe(null);
    expect(faults).toEqual([]);
    await close();
  });

  test('terms: the tick is restored, and the terms are accepted only once the form is sent', async () => {
    const account = await addAgentAccount(stack);
    await asOwner(stack, `delete from terms_acceptances where npn = '${account.npn}'`);
    await stack.db
      .updateTable('onboardings')
      .set({ stage: 'awaiting-terms' })
      .where('npn', '=', account.npn)
      .execute();
    const { page, close } = await open('/onboarding', account);
    const tick = page.getByLabel('I have read the Help On Demand Agents and Brokers Terms of Use');
    await tick.check();
    await pressWithoutSession(
      page,
      page.getByRole('button', { name: 'Accept Help On Demand Agents and Brokers Terms of Use' }),
    );
    await logIn(page, account);
    await notice(page).waitFor();
    expect(await tick.isChecked()).toBe(true);
    const accepted = await stack.db
      .selectFrom('termsAcceptances')
      .select('kind')
      .where('npn', '=', account.npn)
      .where('kind', '=', 'agents-and-brokers-terms-of-use')
      .execute();
    expect(accepted).toEqual([]);
    await close();
  });
});

test('somebody else who logs in in the same tab sees none of it, and it is deleted', async () => {
  const [ada, ben] = [await addAgentAccount(stack), await addAgentAccount(stack)];
  await stack.db.updateTable('agents').set({ zip: '85701' }).where('npn', '=', ben.npn).execute();
  const { page, close } = await open('/profile', ada);
  await page.getByLabel('ZIP code').fill('85281');
  await pressWithoutSession(page, page.getByRole('button', { name: 'Save' }));
  await logIn(page, ben);
  await page.getByLabel('ZIP code').waitFor();
  expect(await page.getByLabel('ZIP code').inputValue()).toBe('85701');
  expect([await notice(page).count(), await draftsIn(page)]).toEqual([0, null]);
  await close();
});

describe('in several tabs', () => {
  test('a log-out in another tab ends this one too: after a log-in there, this one restores its input', async () => {
    const account = await addAgentAccount(stack);
    const { page, close } = await open('/availability', account);
    await page.getByRole('button', { name: 'Add' }).first().click();
    await page.getByLabel('From').first().fill('09:15');
    await page.getByLabel('Until').first().fill('17:00');
    const other = await page.context().newPage();
    await other.goto('/inbox');
    await beforeItAsks(page, async () => {
      await other.getByRole('button', { name: 'Log out' }).click();
      await other.getByRole('link', { name: 'Agent log in' }).waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
    });
    await page.getByText('Log in to see this page.').waitFor();

    await other.getByRole('link', { name: 'Agent log in' }).click();
    await logIn(other, account);
    await bringToFront(page);
    await notice(page).waitFor();
    expect(await page.getByLabel('From').first().inputValue()).toBe('09:15');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your weekly hours are saved.').waitFor();
    expect(await notice(page).count()).toBe(0);
    await close();
  });

  test('after a log-in in another tab the write of this one simply works', async () => {
    const account = await addAgentAccount(stack);
    const { page, close } = await open('/profile', account);
    await page.getByLabel('ZIP code').fill('85281');
    await beforeItAsks(page, async () => {
      await endSessions();
      const other = await page.context().newPage();
      await other.goto('/login');
      await logIn(other, account);
      await page.getByRole('button', { name: 'Save' }).click();
    });
    await page.getByText('Your profile is saved.').waitFor();
    expect([await notice(page).count(), await draftsIn(page)]).toEqual([0, null]);
    await close();
  });

  test('after somebody else logs in in another tab, this one shows their data and none of the input', async () => {
    const [ada, ben] = [await addAgentAccount(stack), await addAgentAccount(stack)];
    await stack.db.updateTable('agents').set({ zip: '85701' }).where('npn', '=', ben.npn).execute();
    const { page, close } = await open('/profile', ada);
    await page.getByLabel('ZIP code').fill('85281');
    const other = await page.context().newPage();
    await other.goto('/login');
    await other.getByRole('button', { name: 'Log out' }).click();
    await other.getByRole('link', { name: 'Agent log in' }).click();
    await logIn(other, ben);
    await bringToFront(page);
    await page.waitForFunction(() => sessionStorage.getItem('drafts') === null);
    await page.getByText(`agent-${ben.npn}@example.com`).waitFor();
    expect(await page.getByLabel('ZIP code').inputValue()).toBe('85701');
    await close();
  });
});

describe('somebody else logs in in another window before this one comes to the front', () => {
  const refused = (page: Page) =>
    page.getByText('You are now logged in as someone else in this browser. Nothing was sent.');
  const logInBeside = async (page: Page, account: Account) => {
    const other = await page.context().newPage();
    await other.goto('/login');
    await other.getByRole('button', { name: 'Log out' }).click();
    await other.getByRole('link', { name: 'Agent log in' }).click();
    await logIn(other, account);
  };
  const writes: [string, string, (page: Page) => Promise<unknown>][] = [
    [
      'a profile',
      '/profile',
      async (page) => {
        await page.getByLabel('ZIP code').fill('85281');
        return () => page.getByRole('button', { name: 'Save' }).click();
      },
    ],
    [
      'leaving',
      '/account',
      async (page) => {
        await page.getByRole('button', { name: 'Leave Help On Demand…' }).click();
        await page.getByRole('radio').last().check();
        return () => page.getByRole('button', { name: 'Yes, leave' }).click();
      },
    ],
    [
      'an absence',
      '/availability',
      async (page) => {
        await page.getByLabel('First day').fill('2030-12-24');
        await page.getByLabel('Last day').fill('2030-12-26');
        return () => page.getByRole('button', { name: 'Add time off' }).click();
      },
    ],
  ];
  test.each(writes)('%s: nothing is sent, and the window changes to their account', async (_, path, type) => {
    const [ada, ben] = [await addAgentAccount(stack), await addAgentAccount(stack)];
    const of = (npn: string) =>
      Promise.all([
        stack.db.selectFrom('agents').selectAll().where('npn', '=', npn).executeTakeFirstOrThrow(),
        stack.db.selectFrom('absences').selectAll().where('npn', '=', npn).execute(),
      ]);
    const before = [await of(ada.npn), await of(ben.npn)];
    const { page, close } = await open(path, ada);
    const press = (await type(page)) as () => Promise<void>;
    await beforeItAsks(page, async () => {
      await logInBeside(page, ben);
      await press();
    });
    await refused(page).waitFor();
    expect(page.url()).toBe(`${stack.apiUrl}${path}`);
    expect([await of(ada.npn), await of(ben.npn)]).toEqual(before);
    expect([await notice(page).count(), await draftsIn(page)]).toEqual([0, null]);
    expect(await page.getByRole('main').innerText()).not.toContain(ada.npn);
    if (path === '/profile') await page.getByText(`agent-${ben.npn}@example.com`).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Checklist' }).click();
    await refused(page).waitFor({ state: 'detached' });
    await close();
  });
});

test('ops: a dialog is restored with its reason, and the action is done once it is sent again', async () => {
  const { npn } = await addAgentAccount(stack);
  const ops = await addOps(stack);
  const { page, faults, close } = await visitAsOps(stack, ops, `/ops/agents/${npn}`);
  await page.getByRole('button', { name: 'Hold' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('A complaint is looked into.');
  await pressWithoutSession(page, dialog.getByRole('button', { name: 'Hold' }));
  await page.getByText('What you typed is kept in this tab.').waitFor();
  await logIn(page, ops);
  await notice(page).waitFor();
  expect(page.url()).toBe(`${stack.apiUrl}/ops/agents/${npn}`);
  expect(await dialog.getByRole('textbox').inputValue()).toBe('A complaint is looked into.');
  expect(await accessibilityFaults(page)).toEqual([]);
  const heldAt = () =>
    stack.db.selectFrom('agents').select('heldAt').where('npn', '=', npn).executeTakeFirstOrThrow();
  expect(await heldAt()).toEqual({ heldAt: null });
  await dialog.getByRole('button', { name: 'Hold' }).click();
  await page.getByText('The agent is on hold.').waitFor();
  expect(await heldAt()).toEqual({ heldAt: expect.any(Date) });
  expect(await draftsIn(page)).toBe(null);
  expect(faults).toEqual([]);
  await close();
});

test('ops: the filter of the board is in the address, to which the log-in returns', async () => {
  const ops = await addOps(stack);
  const { page, close } = await visitAsOps(stack, ops, '/ops');
  await page.locator('#filter-stage').selectOption('active');
  await page.waitForURL('**/ops?stage=active');
  await endSessions();
  await page.reload();
  await logIn(page, ops);
  await page.waitForURL('**/ops?stage=active');
  expect(await page.locator('#filter-stage').inputValue()).toBe('active');
  await close();
});

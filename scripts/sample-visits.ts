import type { Browser, Page } from 'playwright-core';
import type { Login } from '../standalone/run-file.ts';
import { appCode } from '../store/accounts/totp.ts';

/** A running system with sample people, and the browser that they use. */
export interface SampleSystem {
  browser: Browser;
  logins: readonly Login[];
  portalUrl: string;
}

/** Sizes of windows, in CSS pixels. */
export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

/** Opens a page in a new browser context, without a session. */
export async function openPage(
  { browser, portalUrl }: Omit<SampleSystem, 'logins'>,
  viewport: typeof desktop,
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: portalUrl,
    viewport,
    locale: 'en-US',
    timezoneId: 'America/Phoenix',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(30_000);
  return context.newPage();
}

/** Logs a sample person in, in a window of their own. */
export async function logIn(
  system: SampleSystem,
  login: Login | undefined,
  viewport: typeof desktop,
): Promise<Page> {
  if (login === undefined) throw new Error('No sample person has this role');
  const page = await openPage(system, viewport);
  await page.goto('/login');
  await page.getByLabel('Username').fill(login.username);
  await page.getByLabel('Password', { exact: true }).fill(login.password);
  const submit = page.getByRole('button', { name: 'Log in' });
  await submit.click();
  if (login.totpSecret) {
    await page.getByLabel('Code').fill(appCode(login.totpSecret, new Date()));
    await submit.click();
  }
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  return page;
}

/** Fields of the form for help with what a consumer in Phoenix enters. @param number makes the contact that of another person */
export function helpAnswers(page: Page, number = 77): readonly (() => Promise<unknown>)[] {
  const select = (label: string, option: string) => () => page.getByLabel(label).selectOption(option);
  return [
    () => page.getByLabel('ZIP code').fill('85004'),
    () => page.getByLabel('Your name').fill('Alma Reyes'),
    () => page.getByLabel('Phone number').fill(`(602) 555-01${number}`),
    () => page.getByLabel('Email address').fill(`alma.reyes${number === 77 ? '' : number}@example.org`),
    select('Language you want to talk in', 'English'),
    select('What do you need help with?', 'New coverage'),
    select('Who are you asking for?', 'Myself: I am at least 18 years old'),
    () => page.getByLabel('I agree to this.').check(),
  ];
}

/** The inbox of an agent. */
export interface Inbox {
  agent: Login;
  page: Page;
}

/** Opens the inbox of every agent, in windows of their own. */
export function openInboxes(system: SampleSystem, viewport: typeof desktop): Promise<Inbox[]> {
  const agents = system.logins.filter(({ role }) => role === 'agent');
  return Promise.all(
    agents.map(async (agent) => {
      const page = await logIn(system, agent, viewport);
      await page.goto('/inbox');
      return { agent, page };
    }),
  );
}

/** Waits for an offer in any of the inboxes. @returns the one that has it first */
export function firstWithOffer(inboxes: readonly Inbox[]): Promise<Inbox> {
  return Promise.any(
    inboxes.map(async (inbox) => {
      await inbox.page.getByRole('button', { name: 'Accept' }).waitFor();
      return inbox;
    }),
  );
}

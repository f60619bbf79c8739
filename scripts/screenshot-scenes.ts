import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Login } from '../standalone/run-file.ts';
import { appCode } from '../store/accounts/totp.ts';

export interface PictureOptions {
  browser: Browser;
  /** Folder that the pictures are written to. */
  folder: string;
  logins: readonly Login[];
  portalUrl: string;
  mailboxUrl: string;
  temporalUiUrl: string;
  say: (line: string) => void;
}

const desktop = { width: 1280, height: 800 };
/** Smaller, for pages with much text, whose pictures would be too large. */
const laptop = { width: 1000, height: 600 };
const phone = { width: 390, height: 844 };
/** Maximum bytes of a picture, because the repository keeps every version of it. */
const largest = 150_000;

/** Follows one request for help from the start page to the agent who accepts it, and takes a picture of each page. */
export async function takePictures(options: PictureOptions): Promise<void> {
  const { logins, mailboxUrl, temporalUiUrl } = options;
  const start = await openPage(options, desktop);
  await start.goto('/');
  await start.getByRole('heading', { level: 1 }).waitFor();
  await take(options, start, 'start');

  const consumer = await openPage(options, phone);
  await askForHelp(options, consumer);
  const inbox = await findOffer(options);
  await inbox.getByRole('heading', { name: 'New referrals' }).evaluate(scrollToTop);
  await take(options, inbox, 'inbox');
  await inbox.getByRole('button', { name: 'Accept' }).click();
  await consumer.getByText(/\(NPN \d+\) will call you by/).waitFor();
  await take(options, consumer, 'status');

  const ops = await logIn(options, logins.filter(({ role }) => role === 'ops')[0]);
  await ops.goto('/ops');
  await ops.getByRole('table').first().waitFor();
  await take(options, ops, 'ops');

  const mailbox = await openPage(options, laptop);
  await mailbox.goto(mailboxUrl);
  await mailbox.getByText('New referral in Phoenix').first().click();
  await mailbox.frameLocator('iframe').getByText('Phoenix').first().waitFor();
  await take(options, mailbox, 'mailbox');

  const [, id = ''] = /status\/([^#]+)#/.exec(consumer.url()) ?? [];
  const temporal = await openPage(options, desktop);
  await temporal.goto(`${temporalUiUrl}/namespaces/default/workflows/referral-${id}`);
  await temporal.getByText('acceptOffer').first().waitFor();
  await temporal.getByRole('heading', { name: 'Timeline' }).first().evaluate(scrollToTop);
  await take(options, temporal, 'temporal');
}

/** Fills in the form on a desktop and takes its picture, then sends the same request from a phone. */
async function askForHelp(options: PictureOptions, onPhone: Page): Promise<void> {
  const form = await openPage(options, desktop);
  await fillIn(form);
  await form.evaluate(() => window.scrollTo(0, 0));
  await take(options, form, 'help');
  await fillIn(onPhone);
  await onPhone.getByRole('button', { name: 'Ask for help' }).click();
  await onPhone.getByText('We are asking agents near you').waitFor();
}

async function fillIn(page: Page): Promise<void> {
  await page.goto('/help');
  await page.getByLabel('Your name').fill('Alma Reyes');
  await page.getByLabel('Phone number').fill('(602) 555-0177');
  await page.getByLabel('Email address').fill('alma.reyes@example.org');
  await page.getByLabel('ZIP code').fill('85004');
  await page.getByLabel('Language you want to talk in').selectOption('English');
  await page.getByLabel('What do you need help with?').selectOption('New coverage');
  await page.getByLabel('Who are you asking for?').selectOption('Myself: I am at least 18 years old');
  await page.getByLabel('I agree to this.').check();
}

/** Opens the inbox of every agent. @returns the one that gets the offer */
async function findOffer(options: PictureOptions): Promise<Page> {
  const agents = options.logins.filter(({ role }) => role === 'agent');
  const inboxes = await Promise.all(agents.map((agent) => logIn(options, agent)));
  return Promise.any(
    inboxes.map(async (inbox) => {
      await inbox.goto('/inbox');
      await inbox.getByRole('button', { name: 'Accept' }).waitFor();
      return inbox;
    }),
  );
}

async function logIn(options: PictureOptions, login: Login | undefined): Promise<Page> {
  if (login === undefined) throw new Error('No sample person has this role');
  const page = await openPage(options, desktop);
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

function scrollToTop(element: { scrollIntoView: (to: { block: 'start' }) => void }): void {
  element.scrollIntoView({ block: 'start' });
}

/** Opens a page in a new browser context, without a session. */
async function openPage({ browser, portalUrl }: PictureOptions, viewport: typeof desktop): Promise<Page> {
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

async function take({ folder, say }: PictureOptions, page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  if (picture.length > largest) throw new Error(`${name}.png is larger than ${largest / 1_000} kB`);
  writeFileSync(join(folder, `${name}.png`), picture);
  say(`  ${name}.png`);
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import {
  desktop,
  firstWithOffer,
  helpAnswers,
  logIn,
  openInboxes,
  openPage,
  phone,
  type SampleSystem,
} from './sample-visits.ts';

export interface PictureOptions extends SampleSystem {
  /** Folder that the pictures are written to. */
  folder: string;
  mailboxUrl: string;
  temporalUiUrl: string;
  say: (line: string) => void;
}

/** Smaller, for pages with much text, whose pictures would be too large. */
const laptop = { width: 1000, height: 600 };
/** Maximum bytes of a picture, because the repository keeps every version of it. */
const largest = 150_000;

/** Follows one request for help from the start page to the agent who accepts it, and takes a picture of each page. */
export async function takePictures(options: PictureOptions): Promise<void> {
  const { logins, mailboxUrl, temporalUiUrl } = options;
  const start = await openPage(options, desktop);
  await start.goto('/');
  // the last of it: the document has the heading before the page is there
  await start.getByRole('contentinfo').waitFor();
  await take(options, start, 'start');

  const consumer = await openPage(options, phone);
  await askForHelp(options, consumer);
  const { page: inbox } = await firstWithOffer(await openInboxes(options, desktop));
  await inbox.getByRole('heading', { name: 'New referrals' }).evaluate(scrollToTop);
  await take(options, inbox, 'inbox');
  await inbox.getByRole('button', { name: 'Accept' }).click();
  await consumer.getByText(/\(NPN \d+\) will call you by/).waitFor();
  await take(options, consumer, 'status');

  const ops = await logIn(
    options,
    logins.find(({ role }) => role === 'ops'),
    desktop,
  );
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
  for (const answer of helpAnswers(page)) await answer();
}

function scrollToTop(element: { scrollIntoView: (to: { block: 'start' }) => void }): void {
  element.scrollIntoView({ block: 'start' });
}

async function take({ folder, say }: PictureOptions, page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  if (picture.length > largest) throw new Error(`${name}.png is larger than ${largest / 1_000} kB`);
  writeFileSync(join(folder, `${name}.png`), picture);
  say(`  ${name}.png`);
}

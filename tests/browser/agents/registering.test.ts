import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Message } from '../../../standalone/demo/http-user.ts';
import { newSamplePeople, uploadFeedsNaming } from '../../end-to-end/onboarded-agents.ts';
import {
  accessibilityFaults,
  overflow,
  untilFocused,
  untilFocusedOn,
  type Visit,
  visit,
} from '../browser.ts';
import { linkIn } from '../links.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';
import { chooseLogIn, goodPassword } from '../registration-form.ts';

const newcomer = newSamplePeople().invited;
const { email, npn, firstName, lastName } = newcomer;
const phone = '+18015550123';
/** An agent whose link expires while they fill in the form. */
const slow = { ...newSamplePeople().invited, email: 'slow.newcomer@example.com' };
/** An agent who mends what they typed before they send it. */
const careful = { ...newSamplePeople().invited, email: 'careful.newcomer@example.com' };
/** An agent who wants the app. */
const mobile = { ...newSamplePeople().invited, email: 'mobile.newcomer@example.com' };
const username = 'newcomer.to.help';

let stack: PortalStack;
let link: string;
beforeAll(async () => {
  stack = await startPortalStack();
  await uploadFeedsNaming(stack, [newcomer, slow, careful, mobile]);
  link = linkIn(await stack.user.message(email));
}, 120_000);
afterAll(() => stack.close());

test('an agent follows the mail’s link, signs up, accepts the terms and sees that they are active', async () => {
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl);
  await page.goto(link);
  await page.getByRole('heading', { level: 1, name: 'Register with Help On Demand' }).waitFor();
  await page.getByText(email).waitFor();
  expect(page.url()).toBe(`${stack.apiUrl}/register`);
  await page.reload();
  await page.getByLabel('Username').waitFor();
  const profile = page.getByRole('region', { name: 'From your MLMS profile' });
  for (const fact of [firstName, lastName, email]) await profile.getByText(fact, { exact: true }).waitFor();
  await profile.getByText('Marketplace Learning Management System (MLMS), last synced at').waitFor();
  expect(await profile.getByRole('link').getAttribute('href')).toBe('https://portal.cms.gov');
  expect(await profile.getByRole('textbox').count()).toBe(0);
  expect(await stepsOn(page)).toEqual(['Step 1 of 4', 'Choose how to log in']);

  await signUp(page);
  await page.getByRole('heading', { level: 1, name: 'almost complete' }).waitFor();
  await page.getByText('We have also sent a code of 6 digits to your phone.').waitFor();
  expect(await stepsOn(page)).toEqual(['Step 3 of 4', 'Confirm your phone']);
  await untilFocused(page);
  expect(await accessibilityFaults(page)).toEqual([]);

  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
  await logIn(page);
  await page.getByRole('heading', { level: 1, name: 'Where your registration stands' }).waitFor();
  await page.getByText('Your registration is almost complete. Accept the').waitFor();
  expect(await stepsOn(page)).toEqual(['Step 3 of 4', 'Confirm your phone']);
  await confirmPhone(page);
  expect(await stepsOn(page)).toEqual(['Step 4 of 4', 'Accept the terms']);
  await untilFocused(page);
  expect(await page.locator('ol.hod-checklist > li').count()).toBe(9);
  await page
    .getByText(/^Next: we remind you of the terms at .+, unless you have accepted them by then\.$/)
    .waitFor();
  const named = { name: 'Help On Demand Agents and Brokers Terms of Use', exact: true };
  expect(await page.getByRole('heading', named).count()).toBe(1);
  expect(await accessibilityFaults(page)).toEqual([]);

  const accept = page.getByRole('button', { name: 'Accept Help On Demand Agents and Brokers Terms of Use' });
  await accept.click();
  await page
    .getByText('Read the Help On Demand Agents and Brokers Terms of Use and agree to them first.')
    .waitFor();
  await page.getByLabel('I have read the Help On Demand Agents and Brokers Terms of Use').check();
  await accept.click();
  // the guide: "be sure to review your profile"
  await page.getByRole('heading', { level: 1, name: 'Be sure to review your profile' }).waitFor();
  await page.getByRole('checkbox', { name: 'Arizona', checked: true }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'This is right' }).click();
  await page.getByText('No referral is waiting for you.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  expect(await page.title()).toBe('Inbox | Help On Demand');
  expect(await accessibilityFaults(page)).toEqual([]);

  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { level: 1, name: 'Help with health coverage' }).waitFor();
  await page.goto('/inbox');
  await page.getByText('Log in to see this page.').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('a field is judged once it is left, and its error goes as soon as it is mended, also on a phone', async () => {
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await page.goto(linkIn(await stack.user.message(careful.email)));
  const rules = page.locator('#password-rules');
  const marked = (mark: string) => rules.locator('li', { hasText: mark }).count();
  const field = page.getByLabel('Password', { exact: true });
  await field.waitFor();
  expect([await marked('○'), await marked('✓'), await marked('✕')]).toEqual([9, 0, 0]);
  await field.fill('Harbor!');
  expect([await marked('○'), await marked('✓'), await marked('✕')]).toEqual([2, 7, 0]);
  await page.keyboard.press('Tab');
  const wrong = page.getByText('Enter a password that follows every rule below the field.');
  await wrong.waitFor();
  expect([await marked('○'), await marked('✓'), await marked('✕')]).toEqual([0, 7, 2]);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Enter');
  expect(await field.getAttribute('type')).toBe('text');
  await untilFocused(page);
  await page.getByText('Your password is shown.').waitFor();
  await field.fill(goodPassword);
  await wrong.waitFor({ state: 'detached' });
  expect(await marked('✓')).toBe(9);

  await page.getByLabel('Username').fill(`000${careful.npn}`);
  // the click that leaves the field hits what it was meant for, although the page moves
  await page.getByRole('button', { name: 'Hide password' }).click();
  const unusable = page.getByText('Enter a username of 3 to 64 letters');
  await unusable.waitFor();
  expect(await field.getAttribute('type')).toBe('password');
  await page.getByLabel('Username').fill('careful.newcomer');
  await unusable.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Email Only').check();
  expect(await stepsOn(page)).toEqual(['Step 2 of 3', 'How we reach you']);
  await page.getByLabel('Cell phone number').focus();
  await page.getByLabel('ZIP code').focus();
  await page.getByLabel('Cell phone number').focus();
  expect(await page.getByText('Enter your cell phone number.').count()).toBe(0);
  expect(await overflow(page)).toBe(0);
  expect(faults).toEqual([]);
  await close();
});

test('what the service refuses of the first part is said there', async () => {
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { phone: true });
  await page.goto(linkIn(await stack.user.message(mobile.email)));
  await chooseLogIn(page, username);
  await page.getByLabel('Cell phone number').fill(phone);
  await page.getByLabel('Email & Text').check();
  await page.getByLabel('ZIP code').fill('84101');
  await page.getByLabel('I have read the').check();
  await page.getByRole('button', { name: 'Sign Up' }).click();
  await page.locator(':focus').getByRole('heading', { name: 'One field needs your attention' }).waitFor();
  expect(await stepsOn(page)).toEqual(['Step 1 of 4', 'Choose how to log in']);
  await page.getByRole('link', { name: 'taken' }).click();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('username');
  expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0]);
  await page.reload();
  await page.getByLabel('Username').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('who chooses the app is offered it in the registration and after it', async () => {
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { phone: true });
  await page.goto(linkIn(await stack.user.message(mobile.email)));
  await chooseLogIn(page, 'mobile.newcomer');
  await page.getByLabel('Cell phone number').fill(phone);
  await page.getByLabel('ZIP code').fill('84101');
  // as a browser that can install it says so
  await page.evaluate(() => window.dispatchEvent(new Event('beforeinstallprompt', { cancelable: true })));
  const app = page.getByRole('region', { name: 'Help On Demand as an app' });
  await page.getByLabel('Email & Text').check();
  expect(await app.count()).toBe(0);
  await page.getByLabel('Email & App Notification').check();
  await app.getByRole('button', { name: 'Install the app' }).waitFor();
  expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0]);
  await page.getByLabel('I have read the').check();
  await page.getByRole('button', { name: 'Sign Up' }).click();
  await page.getByRole('heading', { level: 1, name: 'almost complete' }).waitFor();
  await app.getByRole('button', { name: 'Install the app' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await untilFocused(page);
  expect(faults).toEqual([]);
  await close();
});

test('a form sent after its link expired: the page says so and requests a new link', async () => {
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  const first = await stack.user.message(slow.email);
  await page.goto(linkIn(first));
  await chooseLogIn(page, 'slow.newcomer');
  await page.getByLabel('Cell phone number').fill('801-555-0124');
  await page.getByLabel('Email Only').check();
  await page.getByLabel('ZIP code').fill('84101');
  await page.getByLabel('I have read the Help On Demand Terms of Use').check();
  expect(await overflow(page)).toBe(0);
  const own = stack.db.updateTable('invitations').where('npn', '=', slow.npn);
  await own.set({ expiresAt: new Date() }).execute();
  await page.getByRole('button', { name: 'Sign Up' }).click();
  await page.getByRole('heading', { level: 1, name: 'This link cannot be used' }).waitFor();
  await page.getByText('The link has expired at').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  const accounts = await stack.db.selectFrom('accounts').select('id').where('npn', '=', slow.npn).execute();
  expect(accounts).toEqual([]);
  await page.getByRole('button', { name: 'Send me a new link' }).click();
  const second = await stack.user.message(slow.email, ({ id }) => id !== first.id);
  expect(linkIn(second)).not.toBe(linkIn(first));
  expect(faults).toEqual([]);
  await close();
});

test('a used link leads to the log-in, and to a new link without revealing whether there is one', async () => {
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await page.goto(`/register#${'not-a-token-of-ours'.padEnd(43, 'x')}`);
  await page.getByRole('heading', { level: 1, name: 'This link cannot be used' }).waitFor();
  await page.getByRole('button', { name: 'Send me a new link' }).click();
  await page.getByText('If this link belonged to an invitation that is still open').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(faults).toEqual([]);
  await close();
});

test('a link without its token shows what is missing', async () => {
  const { page, close } = await visit(stack.browser, stack.apiUrl);
  await page.goto('/register');
  await page.getByText('The address of this page lacks the end of your link').waitFor();
  expect(await page.getByRole('button', { name: 'Send me a new link' }).count()).toBe(0);
  await close();
});

test('a wrong password shows a message, and what was typed stays and can be shown', async () => {
  const { page, faults, close }: Visit = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await page.goto('/login');
  await page.getByLabel('Username').fill('nobody.at.all');
  await page.getByLabel('Password').fill('Wrong!Password7');
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  await page.getByText('The username or the password is wrong.').waitFor();
  expect(await page.getByLabel('Username').inputValue()).toBe('nobody.at.all');
  await untilFocused(page);
  const field = page.getByLabel('Password');
  expect([await field.inputValue(), await field.getAttribute('type')]).toEqual([
    'Wrong!Password7',
    'password',
  ]);
  await page.getByRole('button', { name: 'Show password' }).click();
  expect(await field.getAttribute('type')).toBe('text');
  expect(await field.getAttribute('spellcheck')).toBe('false');
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(faults).toEqual([]);
  await close();
});

/** Signs up after empty parts of the form, after a landline and an unknown ZIP, and after going back. */
async function signUp(page: Page): Promise<void> {
  const goOn = page.getByRole('button', { name: 'Continue' });
  const send = page.getByRole('button', { name: 'Sign Up' });
  const summary = (count: string) => page.getByRole('heading', { name: `${count} your attention` });
  await goOn.click();
  await summary('2 fields need').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Enter a username.');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('link', { name: 'Enter a password.' }).click();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('password');

  const rule = (text: string) => page.locator('#password-rules li', { hasText: text });
  await page.getByLabel('Password', { exact: true }).fill('aaaa');
  await rule('at least 8 characters').getByText('Still to do:').waitFor();
  await rule('more than three times in a row').getByText('Still to do:').waitFor();
  await rule('Leave out spaces').getByText('Done:').waitFor();
  const own = rule('Leave out your name, email address, NPN and username');
  await page.getByLabel('Password', { exact: true }).fill(`Q!7-${lastName}-2027`);
  await own.getByText('Still to do:').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(`Q!7-${npn}`);
  await own.getByText('Still to do:').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  expect(await page.locator('#password-rules').getByText('Still to do:').count()).toBe(0);
  await page.getByLabel('Username').fill(`000${npn}`);
  await goOn.click();
  await summary('One field needs').waitFor();
  await page.getByLabel('Username').fill(username);
  // Enter goes on as the button does
  await page.keyboard.press('Enter');
  await untilFocusedOn(page, 'How we reach you');
  expect(await stepsOn(page)).toEqual(['Step 2 of 4', 'How we reach you']);
  await page.getByText('Version 2027-1').waitFor();

  await send.click();
  await summary('4 fields need').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('link', { name: 'Enter your ZIP code.' }).click();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('zip');
  await page.getByLabel('Cell phone number').fill('+1 500 555 0199');
  await page.getByLabel('Email Only').check();
  await page.getByText('Notifications by email only can cause delays and lost referrals.').waitFor();
  await page.getByLabel('Email, Text & App Notification').check();
  await page.getByLabel('ZIP code').fill('00000');
  await page.getByLabel('I have read the Help On Demand Terms of Use').check();
  await send.click();
  await summary('2 fields need').waitFor();
  await page.getByText('This is a landline; texts need a cell phone number.').first().waitFor();

  await page.getByLabel('Cell phone number').fill('(801) 555-0123');
  await page.getByLabel('ZIP code').fill('84101');
  // the browser's own way back keeps what was typed, and so does ours
  await page.goBack();
  await untilFocusedOn(page, 'Choose how to log in');
  expect(await page.getByLabel('Username').inputValue()).toBe(username);
  await goOn.click();
  await page.getByRole('button', { name: 'Back' }).click();
  await untilFocusedOn(page, 'Choose how to log in');
  await goOn.click();
  await untilFocusedOn(page, 'How we reach you');
  expect(await page.getByLabel('ZIP code').inputValue()).toBe('84101');
  await send.click();
}

/** Where the list of steps says that the page is. */
async function stepsOn(page: Page): Promise<string[]> {
  const steps = page.getByRole('navigation', { name: 'Steps to your first referral' });
  const current = steps.locator('[aria-current="step"]');
  return [await steps.getByRole('paragraph').innerText(), await current.innerText()];
}

/** Confirms the phone after an empty and a wrong code, with the code of a second text. */
async function confirmPhone(page: Page): Promise<void> {
  const card = page.getByRole('region', { name: 'Confirm your phone' });
  await card.getByText('We have sent a text with a code of 6 digits to (801) 555-0123.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  const first = codeIn(await stack.user.message(phone));
  const enter = async (code: string) => {
    await card.getByLabel('Code').fill(code);
    await card.getByRole('button', { name: 'Confirm' }).click();
  };
  await enter('');
  await card.getByText('Enter the code from the text.').waitFor();
  await enter(first === '000000' ? '000001' : '000000');
  await card.getByText('You can try 4 more times.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await card.getByRole('button', { name: 'Send a new code' }).click();
  const second = await stack.user.message(phone, (message) => codeIn(message) !== first);
  await enter(`${codeIn(second).slice(0, 3)} ${codeIn(second).slice(3)}`);
  await page.getByText('Your phone is confirmed.').waitFor();
  expect(await card.count()).toBe(0);
}

function codeIn({ text }: Message): string {
  return /\b\d{6}\b/.exec(text)?.[0] ?? '';
}

async function logIn(page: Page): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(goodPassword);
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
}

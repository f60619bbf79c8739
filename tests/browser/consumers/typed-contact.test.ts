import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newSamplePeople, uploadFeedsNaming } from '../../end-to-end/onboarded-agents.ts';
import { storedContact } from '../../harness/people/contacts.ts';
import { accessibilityFaults, type Visit, visit } from '../browser.ts';
import { englishOn } from '../english-on.ts';
import { fillInHelp } from '../help-form.ts';
import { linkIn } from '../links.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';
import { chooseLogIn } from '../registration-form.ts';

const newcomer = { ...newSamplePeople().invited, email: 'typed.newcomer@bücher.example' };

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack({ confirmConsumerContact: true });
  await uploadFeedsNaming(stack, [newcomer]);
}, 120_000);
afterAll(() => stack.close());

test('a consumer with a new ZIP, a new area code and an address in another script asks for help', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true });
  const { page } = consumer;
  await page.goto('/help');
  await fillInHelp(page);
  const phone = page.getByLabel('Phone number');
  const email = page.getByRole('textbox', { name: 'Email address' });
  const zip = page.getByLabel('ZIP code');
  const refused = refusals(page, 'Ask for help');

  await zip.fill('85004-1234');
  await refused(phone, '480-555-0123 x45', 'We cannot call or text a number with an extension.');
  await refused(phone, '1-800-FLOWERS', 'Enter the number in digits alone');
  await refused(phone, '+44 20 7946 0018', 'We cannot call other countries.');
  await phone.fill('\u202a(621)\u00a0234\u20110130\u202c');
  await refused(email, 'Hana Novak <hana@example.com>', 'Enter only one email address');
  await refused(email, 'hána@example.com', 'We cannot send email to this address');
  await email.fill('hana@bücher.example');

  await refused(zip, '85288', 'say in which state you live');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel('Arizona').check();
  await page.getByRole('button', { name: 'Ask for help' }).click();
  await page.getByRole('heading', { name: 'Enter the code' }).waitFor();

  // both contacts are written to, the address in its ASCII form
  const mail = await stack.user.message('hana@xn--bcher-kva.example');
  const text = await stack.user.message('+16212340130');
  const codeIn = (words: string) => /\b\d{6}\b/.exec(words)?.[0] ?? '';
  expect(codeIn(mail.text)).not.toBe('');
  const code = codeIn(text.text);
  await page.getByRole('textbox', { name: 'Code' }).fill(`\u200e${code.slice(0, 3)}\u2013${code.slice(3)} `);
  await page.getByRole('button', { name: 'Confirm' }).click();
  // the request has started; the address waits for the code of its own mail
  await page.getByText('Your request is under way.').waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(codeIn(mail.text));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('heading', { name: 'Enter the code' }).waitFor({ state: 'detached' });
  const saved = await stack.db
    .selectFrom('referrals')
    .select(['id', 'zip', 'state', 'city', 'stage'])
    .execute();
  expect(saved).toEqual([
    {
      zip: '85288',
      state: 'AZ',
      id: expect.any(String),
      city: 'Tempe',
      stage: expect.not.stringMatching('unconfirmed'),
    },
  ]);
  expect(await storedContact(stack.db, saved[0]?.id ?? '')).toMatchObject({ phone: '+16212340130' });
  await leave(consumer);
});

test('errors of a number, an address or a ZIP are in Spanish', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true, locale: 'es-US' });
  const { page } = consumer;
  await page.goto('/help');
  const refused = refusals(page, 'Pedir ayuda');
  const phone = page.getByLabel('Número de teléfono');
  const email = page.getByRole('textbox', { name: 'Correo electrónico' });
  for (const [field, typed, words] of [
    [phone, '480-555-0123 ext. 45', 'A un número con extensión no podemos llamar'],
    [phone, '1-800-FLOWERS', 'solo con dígitos'],
    [phone, '+52 55 1234 5678', 'No podemos llamar a otros países.'],
    [phone, '900-234-0130', 'cuestan más'],
    [email, 'Hana <hana@example.com>', 'un solo correo electrónico'],
    [email, 'hána@example.com', 'No podemos escribir a esta dirección'],
  ] as const) {
    await refused(field, typed, words);
    expect(await englishOn(page)).toEqual([]);
  }
  await leave(consumer);
});

test('an agent with a new area code and a new ZIP registers; an extension has an error at its field', async () => {
  const agent = await visit(stack.browser, stack.apiUrl);
  const { page } = agent;
  const mail = await stack.user.message('typed.newcomer@xn--bcher-kva.example');
  await page.goto(linkIn(mail));
  // the page shows the address as it was typed
  await page.getByText(newcomer.email).waitFor();
  await chooseLogIn(page, 'typed.newcomer');
  await page.getByLabel('Email Only').check();
  await page.getByLabel('I have read the Help On Demand Terms of Use').check();
  await page.getByLabel('ZIP code').fill('85288-1234');
  const phone = page.getByLabel('Cell phone number');
  await refusals(page, 'Sign Up')(
    phone,
    '480-555-0123 x45',
    'We cannot call or text a number with an extension.',
  );
  expect(await accessibilityFaults(page)).toEqual([]);
  await phone.fill('(621) 234-0130');
  await page.getByRole('button', { name: 'Sign Up' }).click();
  await page.getByRole('heading', { level: 1, name: 'almost complete' }).waitFor();
  const saved = await stack.db
    .selectFrom('agents')
    .select(['phone', 'phoneLineType', 'zip', 'timeZone'])
    .where('npn', '=', newcomer.npn)
    .executeTakeFirstOrThrow();
  expect(saved).toEqual({
    phone: '+16212340130',
    phoneLineType: 'unknown',
    zip: '85288',
    timeZone: 'America/Phoenix',
  });
  await leave(agent);
});

/** Types a value that is refused, and waits for its message in the focused summary. */
function refusals(page: Page, button: string) {
  return async (field: ReturnType<Page['getByLabel']>, typed: string, words: string): Promise<void> => {
    await field.fill(typed);
    await page.getByRole('button', { name: button }).click();
    await page.locator(':focus').getByText(words).waitFor();
  };
}

/** Closes the window and checks that it had no faults. */
async function leave({ faults, close }: Visit): Promise<void> {
  expect(faults).toEqual([]);
  await close();
}

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { alma, anyConsumer, askForHelp } from '../../end-to-end/help-requests.ts';
import { accessibilityFaults, visit } from '../browser.ts';
import { englishOn } from '../english-on.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

/** A number that the look-up reports as a landline. */
const landline = '+15005550199';

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack({ confirmConsumerContact: true });
});
afterAll(() => stack.close());

test('a consumer enters the code from the mail, and is sent to the request that they already have open', async () => {
  const first = await askForHelp(stack.user);
  const { body } = await stack.user.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const { body: second } = await stack.user.expect<{ id: string; statusUrl: string }>('POST', 'referrals', {
    headers: { 'idempotency-key': 'the second one' },
    body: {
      ...alma,
      language: 'en',
      coverageYear: 2027,
      need: 'renew',
      adult: true,
      consent: { version: body.version },
    },
  });
  const mail = await stack.user.message(alma.email, ({ text }) => text.includes(second.id));
  const [code = ''] = /\b\d{6}\b/.exec(mail.text) ?? [];

  const { page, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await page.goto(second.statusUrl);
  await page.getByRole('heading', { name: 'Enter the code' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Enter the code that we sent or told you.').waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.waitForURL(`**/status/${first.id}*`);
  await page.getByText('All agents who could help you are busy').waitFor();
  await close();
});

test.each([
  [
    'en',
    { code: 'Code', confirm: 'Confirm', email: 'Email address', save: 'Save' },
    'We have sent a code there.',
    'All agents who could help you are busy',
  ],
  [
    'es',
    { code: 'Código', confirm: 'Confirmar', email: 'Correo electrónico', save: 'Guardar' },
    'Enviamos un código allí.',
    'En este momento todos los agentes que podrían ayudarle están ocupados',
  ],
] as const)(
  'a consumer whose contact was wrong enters the code of the new one, which is used only then (%s)',
  async (language, labels, sent, nextText) => {
    const { email: first } = anyConsumer();
    const created = await askForHelp(stack.user, { email: first, phone: undefined, language });
    await stack.db
      .updateTable('referrals')
      .set({ contactWrongAt: new Date(), causes: ['contact-wrong'] })
      .where('id', '=', created.id)
      .execute();
    const { page, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
    await page.goto(`/status/${created.id}#${created.token}`);
    const { email } = anyConsumer();
    await page.getByRole('textbox', { name: labels.email }).fill(email);
    await page.getByRole('button', { name: labels.save }).click();
    await page.getByText(sent).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(language === 'es' ? await englishOn(page) : []).toEqual([]);
    const mail = await stack.user.message(email);
    // the address may belong to somebody else: no name, no link to the request
    expect(JSON.stringify(mail)).not.toMatch(new RegExp(`${alma.name}|${created.id}|${first}`));
    const [code = ''] = /\b\d{6}\b/.exec(mail.text) ?? [];
    await page.getByRole('textbox', { name: labels.code }).fill(code);
    await page.getByRole('button', { name: labels.confirm }).click();
    await page.getByRole('textbox', { name: labels.code }).waitFor({ state: 'detached' });
    await page.getByText(nextText).waitFor();
    await close();
  },
);

test('a consumer with a landline and no email is called, hears the code, and finds an agent', async () => {
  const { body: consent } = await stack.user.expect<{ version: string }>(
    'GET',
    'consents/intake?language=en',
  );
  const { body: created } = await stack.user.expect<{ statusUrl: string }>('POST', 'referrals', {
    headers: { 'idempotency-key': 'by the landline' },
    body: {
      ...alma,
      phone: landline,
      email: undefined,
      language: 'es',
      coverageYear: 2027,
      need: 'renew',
      adult: true,
      consent: { language: 'en', version: consent.version },
    },
  });
  const { page, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await page.goto(created.statusUrl);
  await page.getByText('Le estamos llamando por teléfono').waitFor();
  expect(await englishOn(page)).toEqual([]);
  expect(await accessibilityFaults(page)).toEqual([]);
  const first = await stack.user.message(landline);
  expect([first.channel, first.text]).toEqual(['voice', expect.stringMatching(/Su código es (\d, ){5}\d\./)]);

  await page.getByRole('button', { name: 'Llámenme otra vez' }).click();
  await page.getByText('Le estamos llamando con un código nuevo.').waitFor();
  const second = await stack.user.message(landline, ({ id }) => id !== first.id);
  const [code = ''] = /(\d, ){5}\d/.exec(second.text) ?? [];
  await page.getByRole('textbox', { name: 'Código' }).fill(code.replaceAll(', ', ''));
  await page.getByRole('button', { name: 'Confirmar' }).click();
  await page.getByText('En este momento todos los agentes que podrían ayudarle están ocupados').waitFor();
  await close();
});

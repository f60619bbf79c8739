import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { alma, askForHelp } from '../story/asking.ts';
import { accessibilityFaults, visit } from './browser.ts';
import { englishOn } from './english-on.ts';
import { type PortalStack, startPortalStack } from './portal-stack.ts';

/** Takes no texts, says the look-up. */
const landline = '+15005550199';

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack({ confirmConsumerContact: true });
});
afterAll(() => stack.close());

test('a consumer enters the code that came by mail, and one who has a request open is led to it', async () => {
  const first = await askForHelp(stack.visitor);
  const { body } = await stack.visitor.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const { body: second } = await stack.visitor.expect<{ id: string; statusUrl: string }>(
    'POST',
    'referrals',
    {
      headers: { 'idempotency-key': 'the second one' },
      body: {
        ...alma,
        language: 'en',
        coverageYear: 2027,
        need: 'renew',
        adult: true,
        consent: { version: body.version },
      },
    },
  );
  const mail = await stack.visitor.message(alma.email, ({ text }) => text.includes(second.id));
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
  await page.getByText('Nobody who fits is free').waitFor();
  await close();
});

test('whoever has a landline and no email is called, hears the code, and finds an agent', async () => {
  const { body: consent } = await stack.visitor.expect<{ version: string }>(
    'GET',
    'consents/intake?language=en',
  );
  const { body: asked } = await stack.visitor.expect<{ statusUrl: string }>('POST', 'referrals', {
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
  await page.goto(asked.statusUrl);
  await page.getByText('Le estamos llamando por teléfono').waitFor();
  expect(await englishOn(page)).toEqual([]);
  expect(await accessibilityFaults(page)).toEqual([]);
  const first = await stack.visitor.message(landline);
  expect([first.channel, first.text]).toEqual(['voice', expect.stringMatching(/Su código es (\d, ){5}\d\./)]);

  await page.getByRole('button', { name: 'Llámenme otra vez' }).click();
  await page.getByText('Le estamos llamando con un código nuevo.').waitFor();
  const second = await stack.visitor.message(landline, ({ id }) => id !== first.id);
  const [code = ''] = /(\d, ){5}\d/.exec(second.text) ?? [];
  await page.getByRole('textbox', { name: 'Código' }).fill(code.replaceAll(', ', ''));
  await page.getByRole('button', { name: 'Confirmar' }).click();
  await page.getByText('En este momento no hay ningún agente adecuado libre').waitFor();
  await close();
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { alma, anyConsumer, askForHelp, nextOffer } from '../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../end-to-end/onboarded-agents.ts';
import { accessibilityFaults, overflow, type Visit, visit } from './browser.ts';
import { englishOn } from './english-on.ts';
import { fillInHelp } from './help-form.ts';
import { addOps, visitAsOps } from './ops-account.ts';
import { type PortalStack, startPortalStack } from './portal-stack.ts';

let stack: PortalStack;
let agents: OnboardedAgent[];
beforeAll(async () => {
  stack = await startPortalStack();
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded);
  agents = await onboardAgents(stack, onboarded);
}, 120_000);
afterAll(() => stack.close());

test('a consumer asks in Spanish on a phone and sees no English word until an agent helps', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true, locale: 'es-US' });
  const { page } = consumer;
  await page.goto('/');
  await page.getByRole('heading', { level: 1, name: 'Ayuda con la cobertura médica' }).waitFor();
  await isSpanish(page);
  await page.getByRole('main').getByRole('link', { name: 'Pedir ayuda' }).click();
  await fillIn(page);
  await isSpanish(page);
  expect(await page.getByText('Acepto que Help On Demand envíe mensajes de texto').isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Pedir ayuda' }).click();

  await page.getByRole('heading', { level: 1, name: 'Su solicitud de ayuda' }).waitFor();
  await page.getByText('Estamos preguntando a agentes cerca de usted').waitFor();
  expect(await page.title()).toBe('Su solicitud de ayuda | Help On Demand');
  await isSpanish(page);

  const [, id = '', token = ''] = /status\/([^#]+)#(.+)$/.exec(page.url()) ?? [];
  const { agent, offer } = await nextOffer(stack, agents, { id, token });
  await stack.user.expect('POST', `offers/${offer.id}/acceptance`, { cookie: agent.cookie, body: {} });
  await page.getByText(`(NPN ${agent.npn}) va a llamarle antes de`).waitFor();
  await page.getByRole('button', { name: 'Reportar un problema con el agente' }).click();
  await page.getByRole('button', { name: 'Enviar el reporte' }).click();
  await page.getByText('Elija cuál es el problema.').waitFor();
  await page.getByRole('button', { name: 'Todavía no' }).click();
  await page.getByText('Gracias. Le enviamos un recordatorio al agente.').waitFor();
  await isSpanish(page);
  await page.getByRole('button', { name: 'Retirar mi consentimiento' }).click();
  await page.getByText('borramos su nombre, su teléfono y su correo electrónico').waitFor();
  await isSpanish(page);
  await page.getByRole('button', { name: 'Sí, retirarlo' }).click();
  await page.getByText('Usted retiró su solicitud.').waitFor();
  await isSpanish(page);
  await leave(consumer);
});

test('a wrong form is refused in Spanish, by the page and by the service', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true, locale: 'es-MX' });
  const { page } = consumer;
  await page.goto('/help');
  const send = page.getByRole('button', { name: 'Pedir ayuda' });
  await send.click();
  await page.getByRole('alert').getByRole('heading', { name: 'Revise 6 campos' }).waitFor();
  await isSpanish(page);

  await fillIn(page);
  const refusedWith = async (change: () => Promise<void>, text: string) => {
    await change();
    await send.click();
    await page.locator(':focus').getByText(text).waitFor();
    await isSpanish(page);
  };
  const zip = page.getByLabel('Código postal');
  await refusedWith(() => zip.fill('00000'), 'No conocemos este código postal.');
  await refusedWith(() => zip.fill('00901'), 'El Mercado no atiende a los territorios.');
  await refusedWith(() => zip.fill('88063'), 'diga en qué estado vive');
  expect(await page.getByLabel('Nuevo México').isVisible()).toBe(true);
  await zip.fill(alma.zip);
  await refusedWith(() => page.getByLabel('Número de teléfono').fill('0123456789'), 'de 10 dígitos');
  await zip.fill('94103');
  await page.getByRole('heading', { name: 'Su estado tiene su propio Mercado de Seguros Médicos' }).waitFor();
  await isSpanish(page);
  await leave(consumer);
});

test('every refusal of a request is in Spanish', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { locale: 'es' });
  const { page } = consumer;
  await page.goto('/help');
  await fillIn(page);
  const meets = async (type: string, status: number, text: string, more: object = {}) => {
    const problem = { type: `urn:help-on-demand:problem:${type}`, title: 'In English', status, ...more };
    await page.route('**/v1/referrals', (route) =>
      route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await page.getByRole('button', { name: 'Pedir ayuda' }).click();
    await page.getByRole('alert').getByText(text).waitFor();
    expect([type, await englishOn(page)]).toEqual([type, []]);
    await page.unroute('**/v1/referrals');
  };
  await meets('already-open', 409, 'Hay una solicitud abierta');
  await meets('intake-paused', 409, 'Por el momento no recibimos solicitudes nuevas de su estado.');
  const notice = { en: 'We are back on Monday.', es: 'Volvemos el lunes.' };
  await meets('intake-paused', 409, notice.es, { detail: notice.en, notice });
  await meets('too-many-requests', 429, 'Se intentó demasiadas veces en poco tiempo.');
  await meets('of-a-later-version', 409, 'Algo falló de nuestra parte.');
  await leave(consumer);
});

test('the switch changes the language in place: input, errors and focus stay', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true });
  const { page } = consumer;
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Ask for help' }).click();
  await page.getByLabel('Your name').fill(alma.name);
  await page.getByLabel('ZIP code').fill('123');
  await page.getByLabel('What do you need help with?').selectOption('Renewing or changing coverage');
  await page.getByLabel('I agree to this.').check();
  await page.getByRole('button', { name: 'Ask for help' }).click();
  await page.getByText('Enter a ZIP code of 5 digits.').first().waitFor();

  const spanish = page.getByRole('button', { name: 'Español' });
  expect(await spanish.getAttribute('lang')).toBe('es');
  await spanish.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Pida ayuda con la cobertura médica' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('English');
  expect(await page.getByLabel('Su nombre').inputValue()).toBe(alma.name);
  expect(await page.getByLabel('¿Con qué necesita ayuda?').inputValue()).toBe('renew');
  expect(await page.getByText('Escriba un código postal de 5 dígitos.').count()).toBe(2);
  // consent was given to the English text
  expect(await page.getByLabel('Estoy de acuerdo.').isChecked()).toBe(false);
  expect(await page.getByLabel('Idioma en el que quiere hablar').inputValue()).toBe('es');
  await isSpanish(page);

  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Pida ayuda con la cobertura médica' }).waitFor();
  await page.getByLabel('Idioma en el que quiere hablar').selectOption('Vietnamita');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Ask for help with health coverage' }).waitFor();
  expect(await page.getByLabel('Language you want to talk in').inputValue()).toBe('vi');
  await leave(consumer);
});

test('the footer leads to questions, privacy and accessibility, all in Spanish', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true, locale: 'es-US' });
  const { page } = consumer;
  await page.goto('/');
  for (const name of ['Preguntas y respuestas', 'Privacidad', 'Accesibilidad']) {
    await page.getByRole('contentinfo').getByRole('link', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect(await englishOn(page)).toEqual([]);
    await isSpanish(page);
  }
  await leave(consumer);
});

test('a status page opens in the language of its request, unless the consumer chose another', async () => {
  const created = await askForHelp(stack.user, {
    ...anyConsumer(),
    language: 'es',
    consent: await spanishConsent(),
  });
  const consumer = await visit(stack.browser, stack.apiUrl);
  const { page } = consumer;
  await page.goto(`/status/${created.id}#${created.token}`);
  await page.getByRole('heading', { level: 1, name: 'Su solicitud de ayuda' }).waitFor();
  await isSpanish(page);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your request for help' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Your request for help' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await leave(consumer);
});

test('after a choice of Spanish the pages of agents are all in Spanish, but for terms, and those of the operations team in English', async () => {
  const user = await visit(stack.browser, stack.apiUrl, { narrow: true });
  const { page } = user;
  await page.goto('/');
  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Acceso para agentes' }).click();
  await page.getByRole('heading', { level: 1, name: 'Iniciar sesión' }).waitFor();
  await isSpanish(page);
  const [agent] = agents;
  const [name = '', value = ''] = agent?.cookie.split('=') ?? [];
  await page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  for (const path of [
    '/inbox',
    '/onboarding',
    '/profile',
    '/availability',
    '/history',
    '/figures',
    '/why-not-me',
    '/account',
    '/account/security',
    '/register',
  ]) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Bandeja' }).waitFor();
    await page.getByText('Un momento…').first().waitFor({ state: 'detached' });
    expect([path, await englishOn(page)]).toEqual([path, []]);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('es');
    expect([path, await overflow(page)]).toEqual([path, 0]);
  }
  await page.goto('/profile');
  await page.getByLabel('Código postal').fill('00000');
  await page.getByLabel('Código postal').press('Enter');
  await page.locator(':focus').getByText('No conocemos este código postal.').waitFor();
  await isSpanish(page);
  await leave(user);

  const ops = await visitAsOps(stack, await addOps(stack), '/ops');
  const board = ops.page.getByRole('heading', { level: 1, name: 'Onboarding of agents' });
  await board.waitFor();
  await ops.page.goto('/');
  await ops.page.getByRole('button', { name: 'Español' }).click();
  await ops.page.getByRole('heading', { level: 1, name: 'Ayuda con la cobertura médica' }).waitFor();
  await ops.page.goto('/ops');
  await board.waitFor();
  await ops.page.getByRole('contentinfo').getByText('About this service').waitFor();
  expect(await ops.page.getByRole('button', { name: 'Español' }).count()).toBe(0);
  await leave(ops);
});

test('a missing page and a request that cannot be shown have their messages in Spanish', async () => {
  const user = await visit(stack.browser, stack.apiUrl, { locale: 'es-US' });
  for (const [path, title] of [
    ['/nothing-here', 'Esta página no existe'],
    ['/status/0199f2b4-7c1e-7a55-9d0c-5b1f0a6f3c11', 'No podemos mostrar esta solicitud'],
  ] as const) {
    await user.page.goto(path);
    await user.page.getByRole('heading', { level: 1, name: title }).waitFor();
    expect(await user.page.title()).toBe(`${title} | Help On Demand`);
    await isSpanish(user.page);
  }
  await leave(user);
});

/** Checks that a page is all in Spanish, fits its window and is accessible. */
async function isSpanish(page: Page): Promise<void> {
  expect(await englishOn(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('es');
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
}

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('Número de teléfono').fill('(602) 555-0177');
  await page.getByRole('textbox', { name: 'Correo electrónico' }).fill(alma.email);
  await page.getByLabel('Código postal').fill(alma.zip);
  expect(await page.getByLabel('Idioma en el que quiere hablar').inputValue()).toBe('es');
  await fillInHelp(page, 'es');
}

async function spanishConsent(): Promise<{ version: string }> {
  const { body } = await stack.user.expect<{ version: string }>('GET', 'consents/intake?language=es');
  return { version: body.version };
}

/** Closes the windows and checks that they had no faults. */
async function leave(...visits: Visit[]): Promise<void> {
  for (const { faults, close } of visits) {
    expect(faults).toEqual([]);
    await close();
  }
}

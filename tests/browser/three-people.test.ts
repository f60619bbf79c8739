import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { findMarksOfOthers, readMailbox } from '../contract/privacy/mailbox-texts.ts';
import { findMarks } from '../contract/privacy/marks.ts';
import { alma, nextOffer } from '../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../end-to-end/onboarded-agents.ts';
import { accessibilityFaults, overflow, type Visit, visit } from './browser.ts';
import { storedInBrowser, storeEverywhere } from './browser-storage.ts';
import { englishOn } from './english-on.ts';
import { fillInHelp } from './help-form.ts';
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

/** Less than the time after which a page without a stream reads again. */
const live = { timeout: 14_000 };

test('a consumer, an agent who declines and one who helps: each sees each step as it happens, in their language', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { phone: true, locale: 'es-US' });
  const { page } = consumer;
  await page.goto('/help');
  await fillInHelp(page, 'es');
  await page.getByLabel('Código postal').fill(alma.zip);
  await page.getByText('Phoenix, Arizona').waitFor();
  // the sample has one agent who speaks Spanish
  await page.getByLabel('Acepto un agente con intérprete').check();
  await page.getByLabel('Número de teléfono').fill('(602) 555-0177');
  await page.getByRole('textbox', { name: 'Correo electrónico' }).fill(alma.email);
  await page.getByRole('main').getByRole('button', { name: 'Pedir ayuda' }).click();
  await page.getByText('Hasta ahora hemos preguntado a un agente.').waitFor();
  expect(await stepsOf(page)).toEqual([
    'Solicitud recibida (hecho)',
    'now: Agentes consultados',
    'Agente encontrado',
    'En contacto',
  ]);
  await page.getByText('Si no encontramos a nadie, se lo diremos antes de').waitFor();
  const callCenter = page.getByRole('main').getByRole('link', { name: 'Llame al Centro de Llamadas' });
  expect(await callCenter.getAttribute('href')).toBe('tel:+18003182596');
  await isSoundSpanish(page);

  const [, id = '', token = ''] = /status\/([^#]+)#(.+)$/.exec(page.url()) ?? [];
  const { agent: first, offer } = await nextOffer(stack, agents, { id, token });
  const others = agents.filter(({ npn }) => npn !== first.npn);
  const inboxOfFirst = await openInbox(first, 'en-US');
  const inboxes = new Map<string, Visit>();
  for (const other of others) inboxes.set(other.npn, await openInbox(other, 'es-US'));
  await inboxOfFirst.page.getByRole('button', { name: 'Decline' }).click();
  await inboxOfFirst.page.getByLabel('Too busy right now').check();
  await inboxOfFirst.page.getByRole('button', { name: 'Decline this referral' }).click();
  await inboxOfFirst.page.getByText('You declined this referral at').waitFor();
  await page.getByText('Hasta ahora hemos preguntado a 2 agentes.').waitFor(live);

  const { agent: second } = await nextOffer(stack, agents, { id, token }, [offer]);
  const inbox = inboxes.get(second.npn) as Visit;
  await inbox.page.getByRole('button', { name: 'Aceptar' }).click(live);
  await inbox.page.getByRole('heading', { name: alma.name }).waitFor();
  await page.getByText(`(NPN ${second.npn}) va a llamarle antes de`).waitFor(live);
  expect((await stepsOf(page)).slice(1)).toEqual([
    'Agentes consultados (hecho)',
    'Agente encontrado (hecho)',
    'now: En contacto',
  ]);

  await isSoundSpanish(inbox.page);
  await inbox.page.getByRole('button', { name: 'Dejé un mensaje de voz' }).click();
  await page.getByText('le dejó un mensaje de voz').waitFor(live);
  await inbox.page.getByRole('button', { name: /^No contestó, lo intentaré de nuevo/ }).click();
  await page.getByText('Con este van 2 intentos.').waitFor(live);
  await isSoundSpanish(page);

  // what can be done once only asks first, and can be left
  await page.getByRole('button', { name: 'Pedir otro agente' }).click();
  await page.locator(':focus').getByText('¿Quiere pedir otro agente?').waitFor();
  await page.getByRole('button', { name: 'No, seguir con este agente' }).click();
  await page.locator('button:focus', { hasText: 'Pedir otro agente' }).waitFor();

  await inbox.page.getByLabel('Habló con el consumidor').check();
  await inbox.page.getByRole('button', { name: 'Reportar' }).click();
  await page.getByText('Usted está en contacto con').waitFor(live);
  expect((await stepsOf(page)).at(-1)).toBe('En contacto (hecho)');
  await inbox.page.getByLabel('Inscripción en un plan').check();
  await inbox.page.getByRole('button', { name: 'Reportar' }).click();
  await page.getByText('se inscribió en un plan').waitFor(live);
  expect((await stepsOf(page)).at(-1)).toBe('Cerrada (hecho)');
  await isSoundSpanish(page);

  // nobody learns who else was asked, and only who accepted learns who asks
  expect(await page.locator('body').innerText()).not.toContain(first.lastName);
  for (const one of [
    inboxOfFirst,
    ...[...inboxes].filter(([npn]) => npn !== second.npn).map(([, own]) => own),
  ])
    expect(await one.page.locator('body').innerText()).not.toContain(alma.name);
  await nothingIsLeft([consumer, inboxOfFirst, ...inboxes.values()], second);
  for (const { faults, close } of [consumer, inboxOfFirst, ...inboxes.values()]) {
    expect(faults).toEqual([]);
    await close();
  }
});

/** What identifies the consumer; the given name alone is a part of other words. */
const consumerMarks = [alma.name, 'Zebulon', alma.phone, alma.email];

/** No browser stores anything of the consumer, who is the only one that could; no message has anything of whom it is not for. */
async function nothingIsLeft(visits: readonly Visit[], helper: OnboardedAgent): Promise<void> {
  for (const { page } of visits) {
    const stored = await storedInBrowser(page);
    expect(stored.some(({ where }) => where.startsWith('cache'))).toBe(true);
    expect(findMarks(consumerMarks, stored)).toEqual([]);
  }
  const [{ page }] = visits as [Visit];
  await storeEverywhere(page, alma.name);
  const places = findMarks([alma.name], await storedInBrowser(page)).map(({ where }) => where.split(' ')[0]);
  expect(places).toEqual(['sessionStorage', 'localStorage', 'indexedDB', 'cache']);

  const receivers = [
    { reachedAt: [alma.phone, alma.email], marks: consumerMarks },
    ...agents.map(({ firstName, lastName, email, phone }) => ({
      reachedAt: [email, phone],
      marks: [`${firstName} ${lastName}`, email, phone],
    })),
  ];
  const { messages, others } = await readMailbox(stack);
  const found = findMarksOfOthers(messages, receivers);
  // the consumer learns who helps, once that agent has accepted
  expect(new Set(found.map(({ mark, where }) => `${mark} in ${where.split(' in ')[0]}`))).toEqual(
    new Set([`${helper.firstName} ${helper.lastName} in a message to ${alma.email}`]),
  );
  expect(
    findMarks(
      receivers.flatMap(({ marks }) => marks),
      others,
    ),
  ).toEqual([]);
}

/** The steps of a status page, without times: which are done, and which is under way. */
function stepsOf(page: Page): Promise<string[]> {
  return page.locator('.hod-timeline > li').evaluateAll((items) =>
    items.map((item) => {
      const name = item.querySelector('strong')?.textContent ?? '';
      const done = item.querySelector('p > .ds-u-visibility--screen-reader')?.textContent ?? '';
      return `${item.getAttribute('aria-current') === 'step' ? 'now: ' : ''}${name}${done}`;
    }),
  );
}

async function isSoundSpanish(page: Page): Promise<void> {
  expect(await englishOn(page)).toEqual([]);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
}

async function openInbox({ cookie }: OnboardedAgent, locale: string): Promise<Visit> {
  const inbox = await visit(stack.browser, stack.apiUrl, { locale });
  const [name = '', value = ''] = cookie.split('=');
  await inbox.page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  await inbox.page.goto('/inbox');
  return inbox;
}

import type { Page } from 'playwright-core';
import { alma } from '../end-to-end/help-requests.ts';

const labels = {
  en: {
    name: 'Your name',
    year: 'Coverage year',
    need: ['What do you need help with?', 'New coverage'],
    asker: ['Who are you asking for?', 'Myself: I am at least 18 years old'],
    consent: 'I agree to this.',
  },
  es: {
    name: 'Su nombre',
    year: 'Año de cobertura',
    need: ['¿Con qué necesita ayuda?', 'Cobertura nueva'],
    asker: ['¿Para quién pide ayuda?', 'Para mí: tengo al menos 18 años'],
    consent: 'Estoy de acuerdo.',
  },
} as const;

/** Fills in what the form for help asks of everybody, but for the contact and the ZIP. */
export async function fillInHelp(page: Page, language: keyof typeof labels = 'en'): Promise<void> {
  const { name, year, need, asker, consent } = labels[language];
  await page.getByLabel(name).fill(alma.name);
  await page.getByLabel(year).selectOption('2027');
  for (const [label, option] of [need, asker]) await page.getByLabel(label).selectOption(option);
  await page.getByLabel(consent).check();
}

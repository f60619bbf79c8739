import type { Page } from 'playwright-core';

/** A password that every rule allows. */
export const goodPassword = 'Harbor!Lantern7';

/** Fills in the first part of the registration form, and goes on to the second. */
export async function chooseLogIn(page: Page, username: string, password = goodPassword): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'How we reach you' }).waitFor();
}

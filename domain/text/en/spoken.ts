import { spokenDigits } from '../digits.ts';
import type { SpokenSentences } from '../notice-data.ts';
import { at } from './times.ts';

/** Twice, because nobody has a pencil at hand when the phone rings. */
export const spokenSentences: SpokenSentences = {
  'contact-code': ({ code, expiresAt }, when) =>
    `Hello. This is Help On Demand, with the code for your request for help with health coverage. Your code is ${spokenDigits(code)}. Again, your code is ${spokenDigits(code)}. Enter it on the page where you asked for help, by ${at(expiresAt, when)}. Did you not ask for help? Then please hang up: without the code nothing happens. Nobody of ours will ever ask you for the code. Goodbye.`,
  'contact-change-code': ({ code, expiresAt }, when) =>
    `Hello. This is Help On Demand, with the code to confirm this phone for a request for help with health coverage. The code is ${spokenDigits(code)}. Again, the code is ${spokenDigits(code)}. Enter it on the page of the request, by ${at(expiresAt, when)}. Is this not your request? Then please hang up: without the code nothing changes. Nobody of ours will ever ask you for the code. Goodbye.`,
};

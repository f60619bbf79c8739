import { spokenDigits } from '../digits.ts';
import type { SpokenSentences } from '../notice-data.ts';
import { before } from './times.ts';

/** Says the code twice, as the English does. */
export const spokenSentences: SpokenSentences = {
  'contact-code': ({ code, expiresAt }, when) =>
    `Hola. Le llama Help On Demand con el código de su solicitud de ayuda con la cobertura de salud. Su código es ${spokenDigits(code)}. Otra vez, su código es ${spokenDigits(code)}. Escríbalo en la página donde pidió ayuda, ${before(expiresAt, when)}. ¿No pidió ayuda? Entonces cuelgue, por favor: sin el código no pasa nada. Nadie de nuestro servicio le pedirá nunca el código. Adiós.`,
  'contact-change-code': ({ code, expiresAt }, when) =>
    `Hola. Le llama Help On Demand con el código para confirmar este teléfono en una solicitud de ayuda con la cobertura de salud. El código es ${spokenDigits(code)}. Otra vez, el código es ${spokenDigits(code)}. Escríbalo en la página de la solicitud, ${before(expiresAt, when)}. ¿No es su solicitud? Entonces cuelgue, por favor: sin el código nada cambia. Nadie de nuestro servicio le pedirá nunca el código. Adiós.`,
};

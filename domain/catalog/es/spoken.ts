import { digits } from '../digits.ts';
import type { SpokenSentences } from '../notice-data.ts';
import { before } from './times.ts';

/** Says the code twice, as the English does. */
export const spoken: SpokenSentences = {
  'contact-code': ({ code, expiresAt }, when) =>
    `Hola. Le llama Help On Demand con el código de su solicitud de ayuda con la cobertura de salud. Su código es ${digits(code)}. Otra vez, su código es ${digits(code)}. Escríbalo en la página donde pidió ayuda, ${before(expiresAt, when)}. ¿No pidió ayuda? Entonces cuelgue, por favor: sin el código no pasa nada. Nadie de nuestro servicio le pedirá nunca el código. Adiós.`,
};

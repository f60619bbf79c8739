import type { ContactWay } from '../../referrals/contact-times.ts';

/** Lo que hará el agente, según cómo quiera el consumidor que se comuniquen con él; sin letras que un mensaje de texto no lleve. */
export const willReach: Readonly<Record<ContactWay, string>> = {
  call: 'va a llamarle',
  relay: 'va a llamarle por el servicio de relevo 711',
  text: 'va a escribirle por mensaje de texto',
  email: 'va a escribirle por correo',
};

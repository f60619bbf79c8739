import { helpContacts } from '../help-contacts.ts';
import type { Sentences } from '../sentences.ts';
import { list, on, until } from './times.ts';

/** To an agent: why they are offered no referrals now. */
export const notServingSentences: Sentences['notServing'] = {
  left: () => 'Usted dejó Help On Demand.',
  held: () =>
    `Nuestro equipo de operaciones puso su cuenta en pausa. Para saber el motivo, escriba al centro de ayuda: ${helpContacts.helpDesk}`,
  suspended: () => 'Falta algo que usted necesita. Su lista de requisitos dice qué es y cómo resolverlo.',
  'not-active': () => 'Usted todavía no está activo. Su lista de requisitos dice qué sigue.',
  'no-state': () => 'No tiene una licencia activa en ningún estado del que quiere referidos.',
  'no-channel': () =>
    'No tenemos cómo comunicarnos con usted. Revise su teléfono y cómo quiere recibir los avisos.',
  resting: () => 'Usted no abrió los últimos referidos que le ofrecimos, así que dejamos de enviarlos.',
  away: (moment) => `Está ausente${until(moment.until, moment.when)}.`,
  'switched-off': (moment) => `Usted desactivó los referidos${until(moment.until, moment.when)}.`,
  'outside-hours': ({ until: end, when }) =>
    `Está fuera de su horario semanal${end ? `, que empieza de nuevo ${on(end, when)}` : ''}.`,
  'at-capacity': () =>
    'Tiene tantos referidos como puede tener antes de comunicarse. Reporte cómo va uno de ellos, y podrán llegar otros.',
  'intake-paused': ({ states }) => `Por ahora no se reciben solicitudes de ${list(states)}.`,
};

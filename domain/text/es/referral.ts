import { helpContacts } from '../help-contacts.ts';
import { uncapitalized } from '../locale-format.ts';
import type { Sentences } from '../sentences.ts';
import { names, willReach } from './names.ts';
import { before, on, until } from './times.ts';

type Part = Pick<
  Sentences,
  'referralStage' | 'referralCause' | 'offerPhase' | 'offerAccepted' | 'offerEnd' | 'referralEvent'
>;

const cause: Part['referralCause'] = {
  'nobody-available': {
    consumer: 'todos los agentes están ocupados o ausentes',
    ops: 'ningún agente adecuado está disponible',
  },
  'everyone-asked': {
    consumer: 'ya preguntamos a todos los agentes que podían ayudarle',
    ops: 'ya se preguntó a todos los adecuados',
  },
  'contact-wrong': {
    consumer: 'su teléfono o correo es incorrecto',
    ops: 'el contacto es incorrecto',
  },
  'outside-hours': {
    consumer: 'a esta hora no atendemos',
    ops: 'el servicio no atiende allí a esta hora',
  },
  'never-open': {
    consumer: 'por el momento no atendemos solicitudes',
    ops: 'el calendario del servicio no abre nunca allí',
  },
  'consent-expired': { consumer: 'su consentimiento venció', ops: 'el consentimiento venció' },
  'budget-spent': { consumer: 'nadie estuvo libre a tiempo', ops: 'terminó el tiempo para buscar un agente' },
};
const why = (causes: readonly (keyof typeof cause)[]) => causes.map((name) => cause[name].ops).join('; ');

const stage: Part['referralStage'] = {
  unconfirmed: {
    name: 'Sin confirmar',
    consumer: () => 'Escriba el código que le enviamos. Enseguida empezaremos a buscar un agente.',
    ops: ({ waitingUntil, when }) =>
      `Se espera que el consumidor confirme su contacto${until(waitingUntil, when)}`,
  },
  queued: {
    name: 'En espera de un agente',
    consumer: ({ causes, waitingUntil, when }) => {
      if (causes.includes('contact-wrong'))
        return 'El agente no pudo comunicarse con usted. Corrija su teléfono o correo electrónico y preguntaremos de nuevo a un agente.';
      if (causes.includes('never-open'))
        return `Por el momento no preguntamos a ningún agente, y aún no sabemos cuándo volveremos a hacerlo. El Centro de Llamadas del Mercado puede ayudarle: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relevo ${helpContacts.relay}).`;
      if (causes.includes('outside-hours'))
        return `Ahora no atendemos${waitingUntil ? `; volvemos a atender ${on(waitingUntil, when)}` : ''}. Entonces preguntaremos a agentes cerca de usted, en el orden en que llegaron las solicitudes.`;
      return 'En este momento todos los agentes que podrían ayudarle están ocupados. Seguimos buscando y le avisaremos en cuanto uno tenga tiempo para usted.';
    },
    ops: ({ causes, waitingUntil, when }) =>
      `Se espera a un agente adecuado${causes.length > 0 ? ` (${why(causes)})` : ''}${waitingUntil ? `; se busca de nuevo ${on(waitingUntil, when)}` : ''}`,
  },
  offering: {
    name: 'Preguntando a agentes',
    consumer: () =>
      'Estamos preguntando a agentes cerca de usted. Solo quien acepte recibirá sus datos. Esta página le dirá quién le ayudará.',
    ops: ({ waitingUntil, when }) =>
      `Se espera la respuesta del agente${until(waitingUntil, when)}; después se pregunta al siguiente`,
  },
  accepted: {
    name: 'Un agente se comunicará con usted',
    consumer: ({ agent, contactBy = 'call', waitingUntil, when }) =>
      `${agent ? `${agent.name} (NPN ${agent.npn})` : 'Un agente'} ${willReach[contactBy]} ${waitingUntil ? before(waitingUntil, when) : 'en breve'}. Si no, preguntaremos a otro agente.`,
    ops: ({ waitingUntil, when }) =>
      `Se espera que el agente se comunique con el consumidor${until(waitingUntil, when)}; después se pregunta a otro`,
  },
  contacted: {
    name: 'En contacto',
    consumer: ({ agent }) =>
      `Usted está en contacto con ${agent ? `${agent.name} (NPN ${agent.npn})` : 'un agente'}.`,
    ops: ({ waitingUntil, when }) =>
      `Se espera el resultado${until(waitingUntil, when)}; después el referido se cierra solo`,
  },
  closed: {
    name: 'Cerrada',
    consumer: () => 'Su solicitud está cerrada. Puede pedir ayuda de nuevo cuando quiera.',
    ops: ({ outcome }) => `Cerrado${outcome ? `: ${uncapitalized(names.outcome[outcome])}` : ''}`,
  },
  unmatched: {
    name: 'Terminó sin agente',
    consumer: ({ causes }) =>
      `${causes.includes('contact-wrong') ? 'El agente no pudo comunicarse con usted con los datos que tenemos, y no se corrigieron; por eso su solicitud está cerrada.' : causes.includes('consent-expired') ? 'Terminó el tiempo durante el cual usted aceptó que compartamos sus datos, y ningún agente le ayudó todavía; por eso su solicitud está cerrada.' : 'Lo sentimos: ningún agente estuvo libre para ayudarle.'} El Centro de Llamadas del Mercado puede ayudarle: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relevo ${helpContacts.relay}). También puede pedir ayuda aquí de nuevo.`,
    ops: ({ causes }) =>
      `Terminó sin agente${causes.length > 0 ? `: ${why(causes)}` : ''}; se le dijo al consumidor dónde más hay ayuda`,
  },
  withdrawn: {
    name: 'Retirada',
    consumer: () =>
      'Usted retiró su solicitud. Nadie se comunicará con usted. Puede pedir ayuda de nuevo cuando quiera.',
    ops: () => 'Retirado por el consumidor',
  },
};

const offerEnd: Part['offerEnd'] = {
  declined: {
    name: 'Rechazado',
    agent: ({ endedAt, when }) => `Usted rechazó este referido ${on(endedAt, when)}.`,
    ops: 'rechazado por el agente',
  },
  expired: {
    name: 'Sin respuesta',
    agent: ({ endedAt, when }) =>
      `El tiempo para responder terminó ${on(endedAt, when)}; preguntamos a otro agente.`,
    ops: 'sin respuesta a tiempo',
  },
  unreachable: {
    name: 'Sin comunicación',
    agent: ({ endedAt, when }) =>
      `No pudimos comunicarnos con usted y el referido pasó a otro agente ${on(endedAt, when)}. Revise su información de contacto.`,
    ops: 'no fue posible comunicarse con el agente por ningún canal',
  },
  rescinded: {
    name: 'Anulado',
    agent: ({ endedAt, when }) =>
      `El referido fue anulado ${on(endedAt, when)}. Por favor, no se comunique con el consumidor.`,
    ops: 'anulado por el servicio',
  },
  taken: {
    name: 'Aceptado por otro agente',
    agent: ({ endedAt, when }) =>
      `Otro agente aceptó este referido antes, ${on(endedAt, when)}. No cuenta como una oferta para usted.`,
    ops: 'otro agente aceptó antes',
  },
  silent: {
    name: 'Sin contacto a tiempo',
    agent: ({ endedAt, when }) =>
      `No se reportó un contacto con el consumidor ${before(endedAt, when)}, así que preguntamos a otro agente. Por favor, no se comunique con el consumidor.`,
    ops: 'no se reportó un contacto a tiempo',
  },
  'handed-back': {
    name: 'Devuelto',
    agent: ({ endedAt, when }) => `Usted devolvió este referido ${on(endedAt, when)}.`,
    ops: 'devuelto por el agente',
  },
  'wrong-number': {
    name: 'Número equivocado',
    agent: ({ endedAt, when }) => `Usted reportó ${on(endedAt, when)} que el número está equivocado.`,
    ops: 'el número está equivocado',
  },
  'another-asked': {
    name: 'Se pidió otro agente',
    agent: ({ endedAt, when }) =>
      `El consumidor pidió otro agente ${on(endedAt, when)}. Por favor, no se comunique con el consumidor.`,
    ops: 'el consumidor pidió otro agente',
  },
  withdrawn: {
    name: 'Retirado',
    agent: ({ endedAt, when }) =>
      `El consumidor retiró la solicitud ${on(endedAt, when)}. Por favor, no se comunique con el consumidor.`,
    ops: 'retirado por el consumidor',
  },
  'consent-expired': {
    name: 'Consentimiento vencido',
    agent: ({ endedAt, when }) =>
      `El consentimiento del consumidor venció ${on(endedAt, when)}. Por favor, no se comunique con el consumidor.`,
    ops: 'el consentimiento venció',
  },
  'closed-by-ops': {
    name: 'Cerrado por operaciones',
    agent: ({ endedAt, when }) =>
      `El equipo de operaciones terminó este referido ${on(endedAt, when)}. Por favor, no se comunique con el consumidor.`,
    ops: 'terminado por operaciones',
  },
  closed: {
    name: 'Cerrado',
    agent: ({ endedAt, when }) => `Este referido se cerró ${on(endedAt, when)}.`,
    ops: 'cerrado',
  },
};

export const referralSentences: Part = {
  referralCause: cause,
  referralStage: stage,
  offerPhase: {
    offered: (wait) => `Responda ${before(wait.until, wait.when)}; después preguntamos al siguiente agente.`,
    accepted: (wait) =>
      `Comuníquese con el consumidor y repórtelo ${before(wait.until, wait.when)}; después preguntamos a otro agente.`,
    contacted: (wait) =>
      `Reporte el resultado ${before(wait.until, wait.when)}; después el referido se cierra solo.`,
  },
  offerAccepted: ({ acceptedAt, when }) => `Usted aceptó este referido ${on(acceptedAt, when)}.`,
  offerEnd,
  referralEvent: {
    requested: ({ need }) => `Un consumidor pidió ayuda: ${nameIn(names.need, need)}`,
    'stage-entered': ({ stage: entered, causes, waitingUntil }, when) =>
      stage[entered].ops({ causes, waitingUntil: waitingUntil ? new Date(waitingUntil) : null, when }),
    offered: ({ npn, number, expiresAt }, when) =>
      `Oferta ${number}: el agente ${npn} puede responder${until(new Date(expiresAt), when)}`,
    'offer-nudged': ({ npn, channel }) => `Se avisó de nuevo al agente ${npn} por ${names.channel[channel]}`,
    accepted: ({ npn, contactDueAt }, when) =>
      `El agente ${npn} aceptó y contacta al consumidor ${before(new Date(contactDueAt), when)}`,
    'outcome-reported': ({ npn, outcome, reason, until: day, attempts, how, nextTryAt }, when) =>
      `El agente ${npn} informó: ${uncapitalized(names.outcome[outcome])}${reasonName(reason)}${day ? `, hasta el ${day}` : ''}${attempts ? `, ${attempts} intentos` : ''}${how ? `, ${uncapitalized(names.attemptWay[how])}` : ''}${nextTryAt ? `, lo intenta de nuevo ${before(new Date(nextTryAt), when)}` : ''}`,
    'reminded-of-contact': ({ npn }) => `Se recordó al agente ${npn} que se comunique con el consumidor`,
    'contact-answered': ({ npn, called }) =>
      called
        ? `El consumidor confirmó que el agente ${npn} llamó`
        : `El consumidor dice que el agente ${npn} no ha llamado`,
    'recalled-by-ops': () => 'Operaciones retiró el referido al agente',
    'closing-by-ops': () => 'Operaciones terminó el referido',
    noted: () => 'Operaciones anotó algo',
    'contact-read-by-ops': () => 'Operaciones leyó los datos de contacto',
    'contact-confirmed': () => 'El consumidor confirmó su contacto con un código',
    'contact-corrected': () => 'El consumidor corrigió su contacto',
    'problem-reported': ({ npn, problem }) =>
      `El consumidor reportó un problema con el agente ${npn}: ${uncapitalized(names.problem[problem])}`,
    'consent-expired': () => 'El consentimiento venció antes de que un agente pudiera ayudar',
    'consent-rescinded': () => 'El consumidor retiró su consentimiento',
    'rest-began': ({ npn, unseenOffers }) =>
      `El agente ${npn} dejó sin ver las últimas ${unseenOffers} ofertas y no recibe más hasta que responda`,
    'offer-ended': ({ npn, end, reason }) =>
      `La oferta al agente ${npn} terminó: ${offerEnd[end].ops}${reasonName(reason)}`,
  },
};

function nameIn(labels: Readonly<Record<string, string>>, code: string): string {
  return uncapitalized(labels[code] ?? code);
}

function reasonName(reason: string | undefined): string {
  return reason ? ` (${nameIn({ ...names.declineReason, ...names.outcomeReason }, reason)})` : '';
}

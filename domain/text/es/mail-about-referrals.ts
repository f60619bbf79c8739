import { helpContacts } from '../help-contacts.ts';
import { linked, phoneLink } from '../linked.ts';
import { capitalized } from '../locale-format.ts';
import type { MailSentences } from '../notice-data.ts';
import { agentFooter, consumerFooter, hello } from './mail-parts.ts';
import { names, triedWords, willReach } from './names.ts';
import { referralSentences } from './referral.ts';
import { atInFull, before, minutesLeft } from './times.ts';

export const mailAboutReferrals: Pick<
  MailSentences,
  | 'offer'
  | 'offer-nudge'
  | 'offer-over'
  | 'offer-taken'
  | 'contact-reminder'
  | 'contact-code'
  | 'contact-change-code'
  | 'contact-changed'
  | 'link-resent'
  | 'referral-received'
  | 'agent-found'
  | 'agent-tried'
  | 'agent-gone'
  | 'contact-wrong'
  | 'unmatched'
  | 'closed'
> = {
  offer: ({ zip, city, state, language, need, expiresAt, answerUrl }, when) => ({
    subject: `Nuevo referido en ${city}, ${state}: responda ${before(expiresAt, when)}`,
    paragraphs: [
      `Un consumidor en ${city} necesita ayuda con la cobertura médica. ¿Puede ayudar?`,
      [
        `Lugar: ${zip} ${city}, ${state}`,
        `Idioma: ${names.languageName(language)}`,
        `Necesidad: ${names.need[need]}`,
        `Plazo para responder: hasta ${atInFull(expiresAt, when)}`,
      ],
      'Después preguntamos a otro agente. El primero que acepta se queda con el referido y recibe el nombre y el teléfono.',
    ],
    action: { label: 'Ver el referido y responder', url: answerUrl },
    afterAction: [
      'El enlace funciona sin iniciar sesión, solo para este referido. Por favor, no lo reenvíe.',
    ],
    footer: agentFooter,
  }),
  'offer-nudge': ({ zip, city, state, expiresAt, answerUrl }, when) => ({
    subject: `Seguimos esperándole: ${city}, ${state}, ${minutesLeft(expiresAt, when)}`,
    paragraphs: [
      `Un consumidor en ${zip} ${city}, ${state} sigue esperando su respuesta.`,
      `Por favor, responda a más tardar ${atInFull(expiresAt, when)}. Después preguntamos al siguiente agente.`,
    ],
    action: { label: 'Ver el referido y responder', url: answerUrl },
    afterAction: [
      'El enlace funciona sin iniciar sesión, solo para este referido. Por favor, no lo reenvíe.',
    ],
    footer: agentFooter,
  }),
  'offer-over': ({ zip, city, state, end, endedAt, inboxUrl }, when) => ({
    subject: `El referido en ${city}, ${state} ya no es suyo`,
    paragraphs: [
      `Sobre el referido en ${zip} ${city}, ${state} que usted aceptó:`,
      referralSentences.offerEnd[end].agent({ endedAt, when }),
      'Por favor, borre los datos de contacto si los anotó.',
    ],
    action: { label: 'Abrir su bandeja', url: inboxUrl },
    footer: agentFooter,
  }),
  'offer-taken': ({ zip, city, state, takenAt }, when) => ({
    subject: `Ya aceptado: el referido en ${city}, ${state}`,
    paragraphs: [
      `Sobre el referido en ${zip} ${city}, ${state} que le ofrecimos:`,
      referralSentences.offerEnd.taken.agent({ endedAt: takenAt, when }),
      'No tiene que hacer nada.',
    ],
    footer: agentFooter,
  }),
  'contact-reminder': ({ zip, city, state, contactDueAt, inboxUrl }, when) => ({
    subject: `Comuníquese con el consumidor en ${city}, ${state} ${before(contactDueAt, when)}`,
    paragraphs: [
      `Usted aceptó el referido en ${zip} ${city}, ${state}, y el consumidor espera noticias suyas.`,
      `Por favor, comuníquese a más tardar ${atInFull(contactDueAt, when)} y repórtelo en su bandeja. Después preguntamos a otro agente.`,
    ],
    action: { label: 'Abrir su bandeja', url: inboxUrl },
    footer: agentFooter,
  }),
  'contact-code': ({ code, expiresAt, statusUrl }, when) => ({
    subject: `${code} es su código de Help On Demand`,
    paragraphs: [
      hello(''),
      `Escriba el código ${code} en la página donde pidió ayuda, ${before(expiresAt, when)}. Enseguida empezaremos a buscar un agente.`,
      '¿No pidió usted ayuda con la cobertura médica? Entonces no haga caso de este mensaje: sin el código no pasa nada y la solicitud se borra. Nunca pedimos el código por llamada.',
    ],
    action: { label: 'Escribir el código', url: statusUrl },
    footer: consumerFooter,
  }),
  'contact-change-code': ({ code, expiresAt }, when) => ({
    subject: `${code} es su código de Help On Demand`,
    paragraphs: [
      hello(''),
      `Escriba el código ${code} en la página de su solicitud de ayuda, ${before(expiresAt, when)}. Después usaremos este correo para su solicitud.`,
      '¿No pidió usted ayuda con la cobertura médica? Entonces no haga caso de este mensaje: sin el código nada cambia y no le escribiremos más. Nunca pedimos el código por llamada.',
    ],
    footer: consumerFooter,
  }),
  'contact-changed': ({ channel, changedAt }, when) => ({
    subject:
      channel === 'text' ? 'Se cambió el teléfono de su solicitud' : 'Se cambió el correo de su solicitud',
    paragraphs: [
      hello(''),
      `${capitalized(atInFull(changedAt, when))} se confirmó o se dio otro ${channel === 'text' ? 'teléfono' : 'correo electrónico'} para su solicitud de ayuda con la cobertura médica. Lo usamos desde ahora.`,
      '¿Fue usted? Entonces no tiene que hacer nada. Si no, abra el enlace de nuestro primer mensaje: allí puede retirar su solicitud o su consentimiento.',
    ],
    footer: consumerFooter,
  }),
  'link-resent': ({ consumerName, statusUrl }) => ({
    subject: 'Su solicitud ya está abierta',
    paragraphs: [
      hello(consumerName),
      'Alguien volvió a pedir ayuda con este teléfono o correo electrónico. Su solicitud ya está abierta, así que no se abre otra.',
      'El enlace de abajo muestra cómo va. Es solo para usted; por favor, no lo reenvíe.',
    ],
    action: { label: 'Ver su solicitud', url: statusUrl },
    footer: consumerFooter,
  }),
  'referral-received': ({ consumerName, statusUrl, opensAt }, when) => ({
    subject: opensAt ? 'Recibimos su solicitud' : 'Estamos buscando un agente para usted',
    paragraphs: [
      hello(consumerName),
      opensAt
        ? `Recibimos su solicitud de ayuda con la cobertura médica fuera de nuestro horario. Desde ${atInFull(opensAt, when)} preguntaremos a agentes con licencia cerca de usted y le diremos quién le ayudará. Solo quien acepte recibirá sus datos.`
        : 'Recibimos su solicitud de ayuda con la cobertura médica. Ahora preguntamos a agentes con licencia cerca de usted y le diremos quién le ayudará. Solo quien acepte recibirá sus datos.',
      'El enlace de abajo muestra cómo va su solicitud. Es solo para usted; por favor, no lo reenvíe. Allí también puede retirar su solicitud.',
    ],
    action: { label: 'Ver su solicitud', url: statusUrl },
    footer: consumerFooter,
  }),
  'agent-found': ({ consumerName, agentName, npn, license, contactBy, contactDueAt, statusUrl }, when) => ({
    subject: `${agentName} ${willReach[contactBy]}`,
    paragraphs: [
      hello(consumerName),
      `${agentName}, agente con licencia y número nacional de productor (NPN) ${npn}${license ? ` y licencia ${license.number} en ${license.state}` : ''}, ${willReach[contactBy]} a más tardar ${atInFull(contactDueAt, when)}.`,
      'Cuando se comunique con usted, pregunte el nombre y el NPN y compruebe que sean los de arriba. Un agente necesita su consentimiento antes de trabajar en una solicitud suya.',
      'Si nadie se comunica con usted a tiempo, preguntaremos a otro agente.',
    ],
    action: { label: 'Ver su solicitud', url: statusUrl },
    footer: consumerFooter,
  }),
  'agent-tried': ({ consumerName, agentName, npn, triedAt, how, nextTryAt, contactBy, statusUrl }, when) => ({
    subject: `${agentName} ${triedWords(how)}`,
    paragraphs: [
      hello(consumerName),
      `${agentName}, agente con licencia y número nacional de productor (NPN) ${npn}, nos informó ${atInFull(triedAt, when)} que ${triedWords(how)}.`,
      ...(nextTryAt > when.now
        ? [`${agentName} ${willReach[contactBy]} de nuevo a más tardar ${atInFull(nextTryAt, when)}.`]
        : []),
      'Si nadie se comunica con usted, preguntaremos a otro agente.',
    ],
    action: { label: 'Ver su solicitud', url: statusUrl },
    footer: consumerFooter,
  }),
  'agent-gone': ({ consumerName, agentName, statusUrl }) => ({
    subject: 'Estamos preguntando a otro agente',
    paragraphs: [
      hello(consumerName),
      `${agentName} ya no está disponible para su solicitud. Estamos preguntando a otro agente y le diremos quién le ayudará.`,
      'Usted no tiene que hacer nada.',
    ],
    action: { label: 'Ver su solicitud', url: statusUrl },
    footer: consumerFooter,
  }),
  'contact-wrong': ({ consumerName, statusUrl }) => ({
    subject: 'No podemos comunicarnos con usted: revise su teléfono o correo',
    paragraphs: [
      hello(consumerName),
      'El agente no pudo comunicarse con usted: el teléfono o el correo que tenemos parece incorrecto.',
      'Por favor, corríjalo con el enlace de abajo. Entonces preguntaremos de nuevo a un agente.',
    ],
    action: { label: 'Corregirlo', url: statusUrl },
    footer: consumerFooter,
  }),
  unmatched: ({ consumerName, contactWrong, consentExpired, askUrl }) => ({
    subject: consentExpired
      ? 'Su consentimiento venció'
      : contactWrong
        ? 'No pudimos comunicarnos con usted'
        : 'Ningún agente estuvo libre, pero hay ayuda',
    paragraphs: [
      hello(consumerName),
      consentExpired
        ? 'Terminó el tiempo durante el cual usted aceptó que compartamos sus datos con un agente, y ningún agente le ayudó todavía. Por eso su solicitud está cerrada, y nadie se comunicará con usted por ella.'
        : contactWrong
          ? 'El agente no pudo comunicarse con usted por el teléfono o el correo que tenemos, y no se corrigió. Por eso su solicitud está cerrada, y nadie se comunicará con usted por ella.'
          : 'Lo sentimos: no encontramos un agente libre para ayudarle. Nadie se comunicará con usted por esta solicitud.',
      'El Centro de Llamadas del Mercado puede ayudarle:',
      [
        linked`Teléfono: ${phoneLink(helpContacts.callCenter)}`,
        linked`TTY: ${phoneLink(helpContacts.callCenterTty)}`,
        linked`Servicio de relevo: ${phoneLink(helpContacts.relay)}`,
      ],
      consentExpired
        ? 'Puede pedir ayuda a Help On Demand de nuevo cuando quiera; entonces dará su consentimiento otra vez.'
        : contactWrong
          ? 'También puede pedir ayuda a Help On Demand de nuevo, con un teléfono o un correo por el que podamos comunicarnos con usted.'
          : 'También puede pedir ayuda a Help On Demand de nuevo; quizás a otra hora sea más fácil.',
    ],
    action: { label: 'Pedir ayuda de nuevo', url: askUrl },
    footer: consumerFooter,
  }),
  closed: ({ consumerName, outcome, askUrl }) => ({
    subject: 'Su solicitud está cerrada',
    paragraphs: [
      hello(consumerName),
      outcome === 'enrolled'
        ? 'Su agente nos informó que usted se inscribió en un plan. Su solicitud a Help On Demand está cerrada.'
        : 'Su solicitud a Help On Demand está cerrada.',
      '¿No es correcto, o necesita más ayuda? Puede pedirla de nuevo cuando quiera.',
    ],
    action: { label: 'Pedir ayuda de nuevo', url: askUrl },
    footer: consumerFooter,
  }),
};

import { helpContacts } from '../help-contacts.ts';
import { capitalized, spokenDigits, uncapitalized } from '../locale-format.ts';
import type { PushSentences, SpokenSentences, TextSentences } from '../notice-data.ts';
import type { Catalog } from '../sentences.ts';
import { byChannel, failureOf, remedyOf } from './channel-failures.ts';
import { names, willReach } from './names.ts';
import { referralSentences } from './referral.ts';
import { at, before, minutesLeft, on } from './times.ts';

/** Opt-out notice at the end of any text that can be the first one to a phone. */
const optOutNotice =
  'Responda STOP para terminar, HELP para ayuda. Pueden aplicarse tarifas de mensajes y datos.';

/** Written without á, í, ó and ú: GSM-7 lacks them, and a single one more than halves the length of a segment. */
export const textSentences: TextSentences = {
  'phone-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} confirma este celular. Entre en su cuenta y escriba esas seis cifras ${before(expiresAt, when)}. Nunca lo pedimos por llamada.`,
  offer: ({ zip, city, state, language, need, expiresAt, answerUrl, replyCode }, when) =>
    `Help On Demand: nuevo referido en ${zip} ${city}, ${state}. ${capitalized(names.languageName(language))}; ${uncapitalized(names.need[need])}. Responda A ${replyCode} (acepta) o D ${replyCode} (rechaza) ${before(expiresAt, when)}, o abra ${answerUrl}`,
  'test-offer': ({ expiresAt, answerUrl, replyCode }, when) =>
    `Help On Demand: PRUEBA, nadie espera ayuda. Responda A ${replyCode} ${before(expiresAt, when)}, o abra ${answerUrl}`,
  'phone-changed': ({ changedAt, forgotUrl }, when) =>
    `Help On Demand: su cuenta tiene otro teléfono desde ${at(changedAt, when)}. Este ya no recibe mensajes. ¿No fue usted? Ponga otra contraseña: ${forgotUrl}`,
  'channel-failed': ({ channel, because, availabilityUrl }) =>
    `Help On Demand: ${failureOf[channel]} ${remedyOf(channel, because)} Vea lo que funciona: ${availabilityUrl}`,
  'offer-nudge': ({ zip, city, state, expiresAt, answerUrl, replyCode }, when) =>
    `Help On Demand: seguimos esperando, ${minutesLeft(expiresAt, when)}: referido en ${zip} ${city}, ${state}. Responda A ${replyCode} (acepta) o D ${replyCode} (rechaza) ${before(expiresAt, when)}, o abra ${answerUrl}`,
  'offer-over': ({ zip, city, state, inboxUrl }) =>
    `Help On Demand: el referido en ${zip} ${city}, ${state} ya no es suyo. Por favor, no contacte al consumidor. ${inboxUrl}`,
  'offer-taken': ({ zip, city, state, takenAt }, when) =>
    `Help On Demand: otro agente ha aceptado ${on(takenAt, when)} el referido en ${zip} ${city}, ${state}. No tiene que hacer nada.`,
  'contact-reminder': ({ zip, city, state, contactDueAt, inboxUrl }, when) =>
    `Help On Demand: el consumidor en ${zip} ${city}, ${state} espera noticias suyas. Contacte ${before(contactDueAt, when)} y avise en su bandeja: ${inboxUrl}`,
  'contact-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} confirma su solicitud. Escriba esas seis cifras ${before(expiresAt, when)}. Si no es suya, no haga caso. Nunca lo pedimos por llamada. ${optOutNotice}`,
  'contact-change-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} confirma este teléfono para una solicitud. Escriba esas seis cifras ${before(expiresAt, when)}. Si no es suya, no haga caso. Nunca lo pedimos por llamada. ${optOutNotice}`,
  'contact-changed': ({ channel }) =>
    `Help On Demand: su solicitud tiene otro ${channel === 'text' ? 'teléfono' : 'correo'}. ¿No fue usted? Abra el enlace de nuestro primer mensaje y retire la solicitud. ${optOutNotice}`,
  'link-resent': ({ statusUrl }) =>
    `Help On Demand: usted ya tiene una solicitud abierta. Vea el estado: ${statusUrl} ${optOutNotice}`,
  'referral-received': ({ statusUrl, opensAt }, when) =>
    opensAt
      ? `Help On Demand: recibimos su solicitud y buscamos un agente desde ${at(opensAt, when)}. Vea el estado: ${statusUrl} ${optOutNotice}`
      : `Help On Demand: recibimos su solicitud y buscamos un agente para usted. Vea el estado: ${statusUrl} ${optOutNotice}`,
  'agent-found': ({ agentName, npn, license, contactBy, contactDueAt, statusUrl }, when) =>
    `Help On Demand: ${agentName}, NPN ${npn}${license ? `, licencia ${license.state} ${license.number}` : ''}, ${willReach[contactBy]} ${before(contactDueAt, when)}. ${statusUrl}`,
  'agent-tried': ({ agentName, npn, triedAt, how, nextTryAt, contactBy, statusUrl }, when) =>
    `Help On Demand: ${agentName}, NPN ${npn}, ${how === 'voicemail' ? 'le ha dejado un mensaje de voz' : 'quiso comunicarse'} ${on(triedAt, when)}${nextTryAt > when.now ? ` y ${willReach[contactBy]} de nuevo ${before(nextTryAt, when)}` : ''}. ${statusUrl}`,
  'agent-gone': ({ agentName, statusUrl }) =>
    `Help On Demand: ${agentName} ya no puede atenderle. Buscamos otro agente para usted. ${statusUrl}`,
  'contact-wrong': ({ statusUrl }) =>
    `Help On Demand: el agente no pudo comunicarse con usted. Corrija su celular o correo: ${statusUrl}`,
  closed: ({ askUrl }) =>
    `Help On Demand: cerramos su solicitud. Nadie se va a comunicar con usted por ella. Para pedir ayuda de nuevo: ${askUrl}`,
  unmatched: ({ contactWrong, consentExpired, askUrl }) =>
    `Help On Demand: ${consentExpired ? 'terminó el tiempo durante el cual usted aceptó que compartamos sus datos; cerramos su solicitud.' : contactWrong ? 'el agente no pudo comunicarse con usted por los datos que tenemos; cerramos su solicitud.' : 'lo sentimos, no hubo un agente libre.'} Llame al Mercado: ${helpContacts.callCenter}, TTY ${helpContacts.callCenterTty}, relevo ${helpContacts.relay}. Para pedir ayuda de nuevo: ${askUrl}`,
};

export const pushSentences: PushSentences = {
  offer: ({ zip, city, state, language, need, expiresAt }, when) => ({
    title: `Nuevo referido: ${city}, ${state}`,
    body: `${zip}, ${names.languageName(language)}, ${uncapitalized(names.need[need])}. Responda ${before(expiresAt, when)}.`,
  }),
  'test-offer': ({ expiresAt }, when) => ({
    title: 'PRUEBA: ningún consumidor espera',
    body: `Abra esto ${before(expiresAt, when)}. Así sabemos que las ofertas le llegan aquí.`,
  }),
  'channel-failed': ({ channel, because }) => ({
    title: `Las ofertas ya no le llegan ${byChannel[channel]}`,
    body: `${failureOf[channel]} ${remedyOf(channel, because)}`,
  }),
  'offer-nudge': ({ city, state, expiresAt }, when) => ({
    title: `Seguimos esperando: ${city}, ${state}`,
    body: `Responda ${before(expiresAt, when)}: ${minutesLeft(expiresAt, when)}.`,
  }),
  'offer-over': ({ city, state }) => ({
    title: `Ya no es suyo: ${city}, ${state}`,
    body: 'Por favor, no se comunique con el consumidor. Su bandeja dice por qué.',
  }),
  'offer-taken': ({ city, state, takenAt }, when) => ({
    title: `Ya aceptado: ${city}, ${state}`,
    body: `Otro agente aceptó este referido ${on(takenAt, when)}. No tiene que hacer nada.`,
  }),
  'contact-reminder': ({ city, state, contactDueAt }, when) => ({
    title: `Comuníquese ya: ${city}, ${state}`,
    body: `El consumidor espera noticias suyas. Comuníquese ${before(contactDueAt, when)}.`,
  }),
};

export const pushQuestion: Catalog['pushQuestion'] = {
  offer: {
    of: 'offer',
    actions: [
      { action: 'accept', title: 'Aceptar' },
      { action: 'decline', title: 'Rechazar' },
    ],
    replies: {
      accepted: { title: 'Es suyo', body: 'Abra los datos de contacto y comuníquese pronto.' },
      declined: { title: 'Rechazado', body: 'Gracias. Preguntamos al siguiente agente.' },
      taken: { title: 'Ya lo tiene otra persona', body: 'No tiene que hacer nada.' },
      over: { title: 'Esta oferta terminó', body: 'Su bandeja dice qué pasó con ella.' },
      unsent: { title: 'Su respuesta no llegó', body: 'Abra la oferta y respóndala allí.' },
    },
  },
  'test-offer': {
    of: 'test-offer',
    actions: [{ action: 'confirm', title: 'Llegó' }],
    replies: {
      confirmed: { title: 'Su prueba llegó', body: 'Las ofertas le llegan a este dispositivo.' },
      over: { title: 'Esta prueba terminó', body: 'Puede enviarse otra.' },
      unsent: { title: 'Su respuesta no llegó', body: 'Abra la prueba y respóndala allí.' },
    },
  },
};

/** Reads the code twice, as the English words do. */
export const spokenSentences: SpokenSentences = {
  'contact-code': ({ code, expiresAt }, when) =>
    `Hola. Le llama Help On Demand con el código de su solicitud de ayuda con la cobertura médica. Su código es ${spokenDigits(code)}. Otra vez, su código es ${spokenDigits(code)}. Escríbalo en la página donde pidió ayuda, ${before(expiresAt, when)}. ¿No pidió ayuda? Entonces cuelgue, por favor: sin el código no pasa nada. Nadie de nuestro servicio le pedirá nunca el código. Adiós.`,
  'contact-change-code': ({ code, expiresAt }, when) =>
    `Hola. Le llama Help On Demand con el código para confirmar este teléfono en una solicitud de ayuda con la cobertura médica. El código es ${spokenDigits(code)}. Otra vez, el código es ${spokenDigits(code)}. Escríbalo en la página de la solicitud, ${before(expiresAt, when)}. ¿No es su solicitud? Entonces cuelgue, por favor: sin el código nada cambia. Nadie de nuestro servicio le pedirá nunca el código. Adiós.`,
};

/** Written without á, í, ó and ú, like every text. */
export const textAnswer: Catalog['textAnswer'] = {
  stopped: 'Help On Demand: ya no le enviaremos mensajes. Responda START para recibirlos de nuevo.',
  'stopped-for-now':
    'Help On Demand: no pudimos leer su respuesta; por ahora no le enviaremos mensajes. Responda START para recibirlos de nuevo, HELP para ayuda.',
  started:
    'Help On Demand: usted recibe de nuevo mensajes sobre referidos. Responda STOP para terminarlos, HELP para ayuda.',
  help: `Help On Demand: mensajes sobre referidos. Consumidores: ${helpContacts.callCenter}, TTY ${helpContacts.callCenterTty}. Agentes: ${helpContacts.helpDesk}. Responda STOP para terminarlos. Pueden aplicarse tarifas.`,
  'offer-accepted':
    'Help On Demand: el referido es suyo. Por favor, entre para ver los datos, y contacte pronto.',
  'offer-declined': 'Help On Demand: gracias. Preguntamos al siguiente agente.',
  'offer-over':
    'Help On Demand: esta oferta ha terminado. Por favor, entre y vea el resultado en su bandeja.',
  'test-arrived': 'Help On Demand: su prueba ha llegado. Las ofertas le llegan por mensaje de texto.',
  'answer-in-inbox':
    'Help On Demand: no pudimos procesar esa respuesta. Por favor, entre y responda a la oferta en su bandeja.',
  'answer-on-its-way':
    'Help On Demand: estamos registrando su respuesta. Por favor, entre y vea el resultado en su bandeja.',
  'how-to-answer':
    'Help On Demand: para contestar a una oferta, responda A y la clave para aceptar o D y la clave para rechazar. La clave viene en nuestro mensaje.',
};

export const howToAnswer: Catalog['howToAnswer'] = (code) =>
  `Help On Demand: para aceptar el referido, responda A ${code}. Para rechazarlo, responda D ${code}.`;

/** Keeps its accents, although they make the text longer, because it quotes the sentence of the offer's end. */
export const lateTextAnswer: Catalog['lateTextAnswer'] = (end, moment) =>
  `Help On Demand: ${referralSentences.offerEnd[end].agent(moment)}`;

import { helpContacts } from '../contacts.ts';
import type { PushSentences, TextSentences } from '../notice-data.ts';
import { names } from './names.ts';
import { at, before } from './times.ts';
import { willReach } from './will-reach.ts';

/** Ends the texts with which a conversation can begin. */
const optOutNotice =
  'Responda STOP para terminar, HELP para ayuda. Pueden aplicarse tarifas de mensajes y datos.';

/** Worded without á, í, ó and ú, which GSM-7 lacks: one of them would more than halve what fits into a segment. */
export const textSentences: TextSentences = {
  'phone-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} confirma este celular. Entre en su cuenta y escriba esas seis cifras ${before(expiresAt, when)}. Nunca lo pedimos por llamada.`,
  offer: ({ zip, city, state, language, need, expiresAt, answerUrl, replyCode }, when) =>
    `Help On Demand: nuevo referido en ${zip} ${city}, ${state}. ${names.languageName(language)}; ${names.need[need]}. Responda A ${replyCode} (acepta) o D ${replyCode} (rechaza) ${before(expiresAt, when)}, o abra ${answerUrl}`,
  'offer-over': ({ zip, city, state, inboxUrl }) =>
    `Help On Demand: el referido en ${zip} ${city}, ${state} ya no es suyo. Por favor, no contacte al consumidor. ${inboxUrl}`,
  'contact-reminder': ({ zip, city, state, contactDueAt, inboxUrl }, when) =>
    `Help On Demand: el consumidor en ${zip} ${city}, ${state} espera noticias suyas. Contacte ${before(contactDueAt, when)} e informe: ${inboxUrl}`,
  'contact-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} confirma su solicitud. Escriba esas seis cifras ${before(expiresAt, when)}. Si no es suya, no haga caso. Nunca lo pedimos por llamada. ${optOutNotice}`,
  'contact-change-code': ({ code, expiresAt }, when) =>
    `Help On Demand: ${code} confirma este teléfono para una solicitud. Escriba esas seis cifras ${before(expiresAt, when)}. Si no es suya, no haga caso. Nunca lo pedimos por llamada. ${optOutNotice}`,
  'contact-changed': ({ channel }) =>
    `Help On Demand: su solicitud tiene otro ${channel === 'text' ? 'teléfono' : 'correo'}. ¿No fue usted? Abra el enlace de nuestro primer mensaje y retire la solicitud. ${optOutNotice}`,
  'link-again': ({ statusUrl }) =>
    `Help On Demand: su solicitud ya se encuentra abierta. Vea el estado: ${statusUrl} ${optOutNotice}`,
  'referral-received': ({ statusUrl, opensAt }, when) =>
    opensAt
      ? `Help On Demand: recibimos su solicitud y buscamos un agente desde ${at(opensAt, when)}. Vea el estado: ${statusUrl} ${optOutNotice}`
      : `Help On Demand: recibimos su solicitud y buscamos un agente para usted. Vea el estado: ${statusUrl} ${optOutNotice}`,
  'agent-found': ({ agentName, npn, license, contactBy, contactDueAt, statusUrl }, when) =>
    `Help On Demand: ${agentName}, NPN ${npn}${license ? `, licencia ${license.state} ${license.number}` : ''}, ${willReach[contactBy]} ${before(contactDueAt, when)}. ${statusUrl}`,
  'agent-gone': ({ agentName, statusUrl }) =>
    `Help On Demand: ${agentName} ya no puede atenderle. Buscamos otro agente para usted. ${statusUrl}`,
  'contact-wrong': ({ statusUrl }) =>
    `Help On Demand: el agente no pudo comunicarse con usted. Corrija su celular o correo: ${statusUrl}`,
  closed: ({ askUrl }) =>
    `Help On Demand: cerramos su solicitud. Ya nadie se comunica con usted por ella. Para pedir ayuda de nuevo: ${askUrl}`,
  unmatched: ({ contactWrong, consentExpired, askUrl }) =>
    `Help On Demand: ${consentExpired ? 'terminó el tiempo durante el cual usted aceptó que compartamos sus datos; cerramos su solicitud.' : contactWrong ? 'el agente no pudo comunicarse con usted por los datos que tenemos; cerramos su solicitud.' : 'lo sentimos, no hubo un agente libre.'} Llame al Mercado: ${helpContacts.callCenter}, TTY ${helpContacts.callCenterTty}, relevo ${helpContacts.relay}. Para pedir ayuda de nuevo: ${askUrl}`,
};

export const pushSentences: PushSentences = {
  offer: ({ zip, city, state, language, need, expiresAt }, when) => ({
    title: `Nuevo referido: ${city}, ${state}`,
    body: `${zip}, ${names.languageName(language)}, ${names.need[need]}. Responda ${before(expiresAt, when)}.`,
  }),
  'offer-over': ({ city, state }) => ({
    title: `Ya no es suyo: ${city}, ${state}`,
    body: 'Por favor, no contacte al consumidor. Su bandeja dice por qué.',
  }),
  'contact-reminder': ({ city, state, contactDueAt }, when) => ({
    title: `Por favor, contacte: ${city}, ${state}`,
    body: `El consumidor espera noticias suyas. Contacte ${before(contactDueAt, when)}.`,
  }),
};

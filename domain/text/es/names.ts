import type { ContactWay } from '../../referrals/contact-times.ts';
import type { AttemptWay } from '../../referrals/referral.ts';
import type { LanguageCode } from '../../values/languages.ts';
import { helpContacts } from '../help-contacts.ts';
import type { Sentences } from '../sentences.ts';

const languageNames: Readonly<Record<LanguageCode, string>> = {
  en: 'inglés',
  es: 'español',
  ar: 'árabe',
  ase: 'lengua de señas americana',
  zh: 'chino',
  fr: 'francés',
  de: 'alemán',
  ht: 'criollo haitiano',
  hi: 'hindi',
  it: 'italiano',
  ja: 'japonés',
  ko: 'coreano',
  pl: 'polaco',
  pt: 'portugués',
  ru: 'ruso',
  tl: 'tagalo',
  vi: 'vietnamita',
};

function languageName(code: string): string {
  return (languageNames as Record<string, string>)[code] ?? code;
}

/** Names of the entries of fixed lists, of notices and of channels. */
export const names: Pick<
  Sentences,
  | 'languageName'
  | 'skip'
  | 'terms'
  | 'passwordFault'
  | 'contactPreference'
  | 'channel'
  | 'declineReason'
  | 'need'
  | 'outcome'
  | 'attemptWay'
  | 'problem'
  | 'contactWay'
  | 'contactTime'
  | 'outcomeReason'
  | 'noticeName'
  | 'providerOutage'
  | 'intakePaused'
  | 'adultsOnly'
  | 'quietHours'
> = {
  languageName,
  skip: ({ kind, value }) =>
    kind === 'language' ? `en ${languageName(value)}` : `de códigos postales que empiezan con ${value}`,
  terms: {
    'terms-of-use': 'Términos de uso de Help On Demand',
    'agents-and-brokers-terms-of-use': 'Términos de uso para agentes y corredores de Help On Demand',
  },
  passwordFault: {
    'too-short': 'Use al menos 8 caracteres.',
    'too-long': 'Use como máximo 128 caracteres.',
    'no-upper-case': 'Agregue una letra mayúscula.',
    'no-lower-case': 'Agregue una letra minúscula.',
    'no-digit': 'Agregue un número.',
    'no-special': 'Agregue un carácter especial, como ! o #.',
    space: 'No use espacios.',
    repeated: 'No use el mismo carácter más de tres veces seguidas.',
    sequence: 'No use más de tres letras o números en secuencia, como abcd o 4321.',
    common: 'Esta contraseña es común o está hecha de nuestras propias palabras. Elija otra.',
    personal: 'No use su nombre, correo electrónico, NPN ni nombre de usuario.',
  },
  contactPreference: {
    'email-text-app': {
      label: 'Correo electrónico, mensaje de texto y notificación de la aplicación',
      advice:
        'Recomendado: es lo que más rápido le llega, y cada referido se le ofrece solo por un tiempo breve.',
    },
    'email-text': { label: 'Correo electrónico y mensaje de texto', advice: null },
    'email-app': { label: 'Correo electrónico y notificación de la aplicación', advice: null },
    email: {
      label: 'Solo correo electrónico',
      advice: 'Recibir avisos solo por correo electrónico puede causar demoras y la pérdida de referidos.',
    },
  },
  channel: {
    email: 'correo electrónico',
    text: 'mensaje de texto',
    push: 'notificación de la aplicación',
    voice: 'llamada',
  },
  declineReason: {
    'too-busy': 'No tengo tiempo en este momento',
    'not-my-area': 'No es mi zona',
    'conflict-of-interest': 'Conflicto de intereses',
    other: 'Otra razón',
  },
  need: {
    'new-coverage': 'Cobertura nueva',
    renew: 'Renovar o cambiar la cobertura',
    'life-event': 'Cobertura después de un cambio de vida',
    'medicaid-chip': 'Medicaid o CHIP',
  },
  outcome: {
    contacted: 'Habló con el consumidor',
    attempted: 'Intentó comunicarse con el consumidor',
    quoted: 'Comparó planes y precios',
    deferred: 'Aplazado a otro día',
    delayed: 'Tarda más',
    enrolled: 'Inscripción en un plan',
    'not-a-good-prospect': 'Sin inscripción',
    'wrong-number': 'Número o correo incorrecto',
    'handed-back': 'Devuelto para otro agente',
  },
  attemptWay: { voicemail: 'Dejó un mensaje de voz', 'no-answer': 'Nadie contestó' },
  contactWay: {
    call: 'Por teléfono',
    relay: 'Por teléfono con un servicio de relevo (711)',
    text: 'Solo por mensaje de texto',
    email: 'Solo por correo electrónico',
  },
  contactTime: {
    'weekday-morning': 'De lunes a viernes, de 8 a. m. a mediodía',
    'weekday-afternoon': 'De lunes a viernes, de mediodía a 5 p. m.',
    'weekday-evening': 'De lunes a viernes, de 5 a 8 p. m.',
    weekend: 'Sábado y domingo, de 9 a. m. a 6 p. m.',
  },
  problem: {
    'not-professional': 'El agente no se portó de forma profesional',
    'asked-for-money': 'El agente pidió dinero',
    'enrolled-without-consent': 'Algo se cambió o firmó sin consentimiento',
    'kept-calling': 'El agente sigue llamando',
    other: 'Otro problema',
  },
  outcomeReason: {
    'waiting-for-documents': 'Faltan documentos',
    undecided: 'Aún no se decide',
    'not-eligible-for-coverage': 'No cumple los requisitos para la cobertura del Mercado',
    'has-other-coverage': 'Tiene otra cobertura',
    'no-longer-interested': 'Ya no le interesa',
    'no-contact-after-attempts': 'No fue posible comunicarse después de varios intentos',
    'conflict-of-interest': 'Conflicto de intereses',
    language: 'Se necesita otro idioma',
    'cannot-help': 'No puedo ayudar en este caso',
  },
  noticeName: {
    invitation: 'Invitación a registrarse',
    'invitation-reminder': 'Recordatorio de la invitación',
    'registration-confirmed': 'Confirmación del registro',
    'invitation-late': 'Por qué se retrasa la invitación',
    'terms-needed': 'Términos por aceptar',
    'terms-reminder': 'Recordatorio de los términos',
    held: 'Referidos en pausa por el equipo de operaciones',
    released: 'Fin de la pausa de los referidos',
    'states-changed': 'Estados con y sin referidos',
    'expiring-soon': 'Aviso antes de que algo termine',
    'address-changed': 'Cambio de correo electrónico',
    'status-answer': 'Respuesta sobre cómo va el registro',
    'log-in-reminder': 'Recordatorio de cómo iniciar sesión',
    active: 'Listo para recibir referidos',
    'active-again': 'Listo de nuevo para recibir referidos',
    suspended: 'Referidos suspendidos',
    lapsed: 'El registro terminó',
    'test-offer': 'Oferta de prueba',
    'hours-question': 'Pregunta si el horario sigue vigente',
    'phone-code': 'Código que confirma un teléfono',
    'phone-not-mobile': 'El teléfono no recibe mensajes de texto',
    'channel-failed': 'Un medio de aviso dejó de funcionar',
    'password-reset': 'Enlace para una contraseña nueva',
    'credentials-changed': 'Cambio de contraseña u otro acceso',
    'codes-refused': 'Demasiados códigos incorrectos con la contraseña correcta',
    'phone-changed': 'Cambio de teléfono',
    offer: 'Oferta de un referido',
    'offer-nudge': 'Recordatorio de una oferta sin respuesta',
    'offer-over': 'El referido ya no es del agente',
    'offer-taken': 'Otro agente tomó el referido',
    'contact-reminder': 'Recordatorio de comunicarse con el consumidor',
    'contact-code': 'Código que confirma un contacto',
    'contact-change-code': 'Código que confirma un contacto nuevo',
    'contact-changed': 'Se cambió un contacto',
    'link-resent': 'Enlace a la solicitud abierta',
    'referral-received': 'Confirmación de la solicitud',
    'agent-found': 'Un agente se comunicará',
    'agent-tried': 'El agente intentó comunicarse',
    'agent-gone': 'El agente ya no está disponible',
    'contact-wrong': 'El contacto es incorrecto',
    unmatched: 'No se encontró agente',
    closed: 'La solicitud está cerrada',
  },
  quietHours: 'El mensaje espera el fin de las horas de silencio.',
  adultsOnly: `Recibimos solicitudes de adultos y de personas autorizadas a pedir ayuda para otra persona. El Centro de Llamadas del Mercado puede ayudarle: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relevo ${helpContacts.relay}).`,
  intakePaused: `Por el momento no recibimos solicitudes nuevas de su estado. El Centro de Llamadas del Mercado puede ayudarle: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relevo ${helpContacts.relay}).`,
  providerOutage: (channel) =>
    ({
      email: 'El servicio de correo no aceptó el aviso; se intentará de nuevo.',
      text: 'El servicio de mensajes de texto no aceptó el aviso; se intentará de nuevo.',
      push: 'El servicio de notificaciones no aceptó el aviso; se intentará de nuevo.',
      voice: 'El servicio de llamadas no aceptó el aviso; se intentará de nuevo.',
    })[channel],
};

/** What an agent did who did not reach the consumer. */
export const triedWords = (how: AttemptWay | null) =>
  how === 'voicemail' ? 'le dejó un mensaje de voz' : 'intentó comunicarse con usted';

/** What an agent will do, by the way in which the consumer wants to be contacted; without letters that GSM-7 lacks. */
export const willReach: Readonly<Record<ContactWay, string>> = {
  call: 'va a llamarle',
  relay: 'va a llamarle por el servicio de relevo 711',
  text: 'va a escribirle por mensaje de texto',
  email: 'va a escribirle por correo',
};

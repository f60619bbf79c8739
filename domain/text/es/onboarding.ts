import type { RestEnd } from '../../agents/rests.ts';
import type { Sentences } from '../sentences.ts';
import { conditionSentences } from './conditions.ts';
import { names } from './names.ts';
import { at, atInFull, list, on, until } from './times.ts';

type Part = Pick<Sentences, 'onboardingStage' | 'onboardingCause' | 'onboardingEvent' | 'condition'>;

const cause: Part['onboardingCause'] = {
  'marketplace-registration': 'falta el registro en el Mercado o no está vigente',
  'marketplace-training': 'la capacitación del Mercado no está completa',
  'cms-agreements': 'los acuerdos con CMS no están firmados',
  'help-on-demand-coursework': 'el curso de Help On Demand no está completo',
  'nipr-profile-validated': 'el perfil no está validado con NIPR',
  'npn-valid': 'el NPN no figura como válido',
  'not-terminated': 'el registro está terminado o suspendido',
  'individual-npn': 'el NPN es de una empresa',
  'licensed-with-health-line': 'no hay licencia activa con una línea de autoridad de salud',
  'terms-of-use': 'los Términos de uso no están aceptados',
  'agents-and-brokers-terms-of-use': 'los Términos de uso para agentes y corredores no están aceptados',
  'license-not-found': 'el registro aún no conoce ninguna licencia',
  late: 'han pasado más de dos días hábiles desde la capacitación',
  'terminated-for-cause': 'una terminación con causa de otro año del plan',
  'no-state': 'ninguno de los estados elegidos tiene licencia vigente',
  'no-language': 'no se eligió ningún idioma',
  'no-channel': 'no hay ningún canal que funcione para las ofertas',
  undeliverable: 'no se pudo entregar la invitación',
  expired: 'la invitación venció',
  held: 'en pausa por el equipo de operaciones',
};

const because = (causes: readonly (keyof typeof cause)[]) =>
  causes.length > 0 ? `: ${causes.map((name) => cause[name]).join('; ')}` : '';
const documents = (causes: readonly string[]) => {
  const missing = Object.entries(names.terms).flatMap(([kind, name]) => (causes.includes(kind) ? name : []));
  return list(missing.length > 0 ? missing : Object.values(names.terms));
};

const stage: Part['onboardingStage'] = {
  'awaiting-eligibility': {
    name: 'En espera de elegibilidad',
    agent: ({ causes, isRegistered }) => {
      if (isRegistered)
        return causes.length > 0
          ? `Todavía no cumple los requisitos${because(causes)}. Cuando se cumplan todos quedará activo sin hacer nada más; no tiene que registrarse otra vez.`
          : 'Cumple todos los requisitos. Quedará activo en un momento.';
      return causes.length > 0
        ? `Todavía no cumple los requisitos${because(causes)}. Recibirá su invitación cuando se cumplan todos.`
        : 'Cumple todos los requisitos. Su invitación está en camino.';
    },
    ops: ({ causes, nextChangeAt, when }) =>
      causes.length > 0
        ? `En espera de elegibilidad${because(causes)}${nextChangeAt ? `; se revisa de nuevo ${on(nextChangeAt, when)}` : ''}`
        : 'Se cumplen todos los requisitos; la invitación está por salir',
  },
  invited: {
    name: 'Invitado',
    agent: ({ linkExpiresAt, when }) =>
      `Su invitación está en su correo. Regístrese con el enlace${until(linkExpiresAt, when)}.`,
    ops: ({ linkExpiresAt, nextChangeAt, when }) =>
      linkExpiresAt
        ? `Se espera que el agente se registre${until(linkExpiresAt, when)}; después el enlace vence`
        : `Se espera que el agente se registre${nextChangeAt ? `; se revisa de nuevo ${on(nextChangeAt, when)}` : ''}`,
  },
  'invitation-undeliverable': {
    name: 'Invitación no entregada',
    agent: ({ retryAt, when }) =>
      retryAt
        ? `No se pudo entregar su invitación, aunque su correo electrónico es correcto: puede que el buzón esté lleno. Le enviaremos otra invitación allí ${atInFull(retryAt, when)}; no tiene que pedirla.`
        : 'No se pudo entregar su invitación. Corrija el correo electrónico en su perfil de MLMS y pida otra.',
    ops: ({ retryAt, when }) =>
      retryAt
        ? `No se pudo entregar la invitación, la dirección es correcta; otra se envía ${on(retryAt, when)}`
        : 'No se pudo entregar la invitación; se espera otra dirección u otra solicitud',
  },
  'invitation-expired': {
    name: 'Invitación vencida',
    agent: () => 'El enlace de su invitación venció. Pida otro.',
    ops: () => 'La invitación venció sin uso; se espera que el agente u operaciones pidan otra',
  },
  'awaiting-terms': {
    name: 'Casi completo',
    agent: ({ causes }) =>
      `Su registro está casi completo. Acepte los ${documents(causes)}; hasta entonces no recibirá referidos.`,
    ops: ({ causes, nextChangeAt, when }) =>
      `Se espera que el agente acepte los ${documents(causes)}${nextChangeAt ? `; se revisa de nuevo ${on(nextChangeAt, when)}` : ''}`,
  },
  active: {
    name: 'Activo',
    agent: ({ causes }) =>
      causes.length > 0
        ? `Está activo, pero no se le puede ofrecer nada${because(causes)}.`
        : 'Está activo y se le ofrecen referidos.',
    ops: ({ causes, nextChangeAt, when }) =>
      `Activo${because(causes)}${nextChangeAt ? `; los estados o la situación cambian ${on(nextChangeAt, when)}` : ''}`,
  },
  suspended: {
    name: 'Suspendido',
    agent: ({ causes }) => `Por ahora no se le ofrecen referidos${because(causes)}.`,
    ops: ({ causes, nextChangeAt, when }) =>
      `Suspendido${because(causes)}${nextChangeAt ? `; se revisa de nuevo ${on(nextChangeAt, when)}` : ''}`,
  },
  lapsed: {
    name: 'Terminado',
    agent: () => 'Su registro para este año del plan terminó.',
    ops: () => 'Pasó la fecha de fin del registro',
  },
  left: {
    name: 'Retirado',
    agent: () => 'Usted dejó Help On Demand.',
    ops: () => 'El agente dejó el servicio',
  },
};

const instantOf = (text: string | null | undefined) => (text ? new Date(text) : null);
const withCode = (code: string | null) => (code ? ` (${code})` : '');

const textsStopped = {
  reply: 'El agente pidió por mensaje de texto que no se le envíen más',
  'unclear-reply':
    'El agente envió una respuesta que no se entendió; mientras tanto no se le envían mensajes de texto',
  provider: 'El proveedor de mensajes dice que el agente detuvo los mensajes de texto',
} as const;

const phoneLineChecked = {
  mobile: 'Se consultó el teléfono: es un celular',
  landline: 'Se consultó el teléfono: es una línea fija y ya no recibe mensajes de texto',
  'no-texts': 'Se consultó el teléfono: su línea no recibe mensajes de texto y ya no se le envían',
  'no-number': 'Se consultó el teléfono: el número no existe y ya no se le envían mensajes de texto',
  unknown: 'Se consultó el teléfono: no se sabe de qué tipo es la línea',
} as const;

const lookedUp = {
  found:
    'El registro conoce licencias del agente; cuentan hasta que lleguen con los datos periódicos de licencias',
  none: 'El registro aún no conoce ninguna licencia del agente',
  outage: 'El registro no respondió sobre las licencias',
} as const;

const departed = {
  agent: 'El agente dejó Help On Demand',
  departure: 'El equipo de operaciones registró que el agente dejó el servicio',
  death: 'El equipo de operaciones registró que el agente falleció',
  other: 'El equipo de operaciones terminó la participación del agente',
} as const;

const availabilityPart = {
  hours: 'su horario semanal',
  override: 'su interruptor de disponibilidad',
  absences: 'sus ausencias',
} as const;

const restEnded: Readonly<Record<RestEnd, string>> = {
  confirmed: 'El agente dijo que su horario sigue vigente y recibe referidos de nuevo',
  availability: 'El agente cambió su disponibilidad y recibe referidos de nuevo',
  answer: 'El agente respondió una oferta y recibe referidos de nuevo',
};

export const onboardingSentences: Part = {
  condition: conditionSentences,
  onboardingCause: cause,
  onboardingStage: stage,
  onboardingEvent: {
    'stage-entered': ({ stage: entered, causes, nextChangeAt, retryAt }, when) =>
      stage[entered].ops({
        causes,
        nextChangeAt: instantOf(nextChangeAt),
        retryAt: instantOf(retryAt),
        when,
      }),
    'invitation-issued': ({ number, expiresAt }, when) =>
      `Invitación ${number} emitida; su enlace es válido${until(new Date(expiresAt), when)}`,
    'invitation-requested': () => 'Se pidió otra invitación',
    held: () => 'El equipo de operaciones puso al agente en pausa',
    released: () => 'El equipo de operaciones terminó la pausa del agente',
    noted: () => 'El equipo de operaciones agregó una nota',
    departed: ({ because: why }) => departed[why],
    'status-requested': () => 'Alguien preguntó cómo está el agente; la respuesta va al correo de MLMS',
    'log-in-reminder-requested': () =>
      'Alguien preguntó cómo inicia sesión el agente; la respuesta va al correo de MLMS',
    registered: () => 'El agente se registró',
    'terms-accepted': ({ kind, version }) => `Se aceptaron los ${names.terms[kind]}, versión ${version}`,
    'profile-changed': ({ fields }) => `El agente cambió su perfil (${fields.join(', ')})`,
    'skip-changed': ({ isSkipped, ...skip }) =>
      isSkipped
        ? `El agente omite las solicitudes ${names.skip(skip)}`
        : `Al agente se le preguntan las solicitudes ${names.skip(skip)}`,
    'availability-changed': ({ parts, isAvailable, until: end }, when) =>
      `El agente cambió ${list(parts.map((part) => availabilityPart[part]))}: ${isAvailable ? 'disponible' : 'no disponible'}${until(end ? new Date(end) : null, when)}`,
    'rest-ended': ({ by }) => restEnded[by],
    'phone-code-sent': ({ expiresAt }, when) =>
      `Se envió un código para confirmar el teléfono, válido hasta ${at(new Date(expiresAt), when)}`,
    'phone-confirmed': () => 'El agente confirmó el teléfono',
    'phone-checked': ({ lineType }) => phoneLineChecked[lineType],
    'phone-refused': ({ code }) =>
      `Un mensaje de texto fue rechazado por el número de teléfono${withCode(code)}; el agente debe confirmarlo de nuevo`,
    'license-looked-up': ({ endedAs, code, nextAt }, when) =>
      `${lookedUp[endedAs]}${withCode(code)}${nextAt ? `; se le pregunta de nuevo ${on(new Date(nextAt), when)}` : ''}`,
    'reminded-of-invitation': () => 'Se le recordó la invitación al agente',
    'delay-explained': ({ causes }) =>
      `Se le explicó al agente por qué se retrasa la invitación${because(causes)}`,
    'warned-of-expiration': ({ expirations }) =>
      `Se le avisó al agente: ${expirations.map(({ subject, endsOn }) => `${subject} termina el ${endsOn}`).join('; ')}`,
    'states-changed': ({ lost, gained }) =>
      [
        ...(lost.length > 0 ? [`ya no atiende ${list(lost)}`] : []),
        ...(gained.length > 0 ? [`atiende ${list(gained)}`] : []),
      ].join('; '),
    'address-changed': () => 'El perfil de MLMS tiene otro correo electrónico',
    'reminded-of-terms': ({ number }) => `Se le recordaron los términos al agente (recordatorio ${number})`,
    'mail-returned': ({ report, code }) =>
      `${report === 'bounced' ? 'Los correos a la dirección son devueltos' : 'El agente se quejó de nuestros correos'}${withCode(code)}; no se le escribe más hasta que cambie`,
    'invitation-returned': ({ code, retryAt }) =>
      `No se pudo entregar la invitación${withCode(code)}${retryAt ? '; se invita de nuevo al agente más tarde' : ''}`,
    'invitation-unsent': () =>
      'El proveedor no aceptó correo durante tanto tiempo que la invitación nunca salió; se invita de nuevo al agente',
    'texts-stopped': ({ by }) => textsStopped[by],
    'texts-started': () => 'Los mensajes de texto al teléfono se activaron de nuevo',
  },
};

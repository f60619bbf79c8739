import { listIn } from '../locale-format.ts';
import type { Sentences, WorkflowSentences } from '../sentences.ts';
import { names } from './names.ts';
import { onboardingSentences } from './onboarding.ts';
import { referralSentences } from './referral.ts';
import { at, until as untilWords } from './times.ts';

type OpsPart = Pick<
  Sentences,
  'onboardingNextAction' | 'opsAction' | 'deactivationCause' | 'opsActionObstacle'
>;

/** Words of the ops board and of the answers to ops actions. */
export const opsSentences: OpsPart = {
  onboardingNextAction: (action) => {
    switch (action.does) {
      case 'invite':
        return 'Invita al agente';
      case 'remind-of-invitation':
        return 'Le recuerda la invitación al agente';
      case 'remind-of-terms':
        return 'Le recuerda los términos al agente';
      case 'look-up-license':
        return 'Pregunta al registro por una licencia';
      case 'explain-delay':
        return 'Le explica al agente por qué se retrasa la invitación';
      case 'check-phone':
        return 'Averigua qué tipo de línea es el teléfono';
      case 'warn-of-expiration':
        return 'Le avisa al agente que termina un registro o una licencia';
      case 'go-on':
        return `Pasa a “${onboardingSentences.onboardingStage[action.stage].name}”`;
      case 'look-again':
        return 'Revisa de nuevo, porque entonces cambian la evidencia o los términos';
      case 'nothing':
        return 'Nada por sí solo: espera un hecho o a una persona';
    }
  },
  opsAction: {
    invite: 'Invitar de nuevo',
    hold: 'Poner en pausa',
    release: 'Terminar la pausa',
    deactivate: 'Desactivar',
    note: 'Agregar una nota',
  },
  deactivationCause: { departure: 'Salida', death: 'Fallecimiento', other: 'Otro motivo' },
  opsActionObstacle: {
    left: 'El agente ha dejado el servicio.',
    closed: 'Esta incorporación ha terminado.',
    held: 'El agente está en pausa.',
    'not-held': 'El agente no está en pausa.',
    registered: 'El agente ya se registró.',
    'not-invited-yet': 'La primera invitación llega por sí sola cuando se cumplen todos los requisitos.',
    'address-undeliverable': (since, when) =>
      `El correo electrónico del agente no recibe mensajes desde ${at(since, when)}. Otro correo debe llegar con los datos periódicos de MLMS; entonces se le envía allí una invitación sin más.`,
  },
};

type FeedPart = Pick<Sentences, 'feedImportState' | 'feedRefusal'>;

/** Words about the imports of feed files. */
export const feedSentences: FeedPart = {
  feedImportState: {
    'under-way': 'En curso',
    imported: 'Incorporado',
    refused: 'Rechazado; nada ha cambiado',
    interrupted: 'Interrumpido; nada ha cambiado',
  },
  feedRefusal: {
    'feed-header-differs': 'La primera línea del archivo no nombra las columnas de esta fuente.',
    'feed-truncated': 'El archivo no está completo.',
    'feed-mostly-bad': 'Demasiadas filas del archivo no se pueden leer: su formato parece haber cambiado.',
    'feed-removes-too-much': 'El archivo eliminaría más filas de las que puede eliminar una sola entrega.',
    'feed-holds-ssn': 'El archivo parece contener números de Seguro Social. No se guardó nada de él.',
  },
};

export const workflowSentences: WorkflowSentences = {
  title: {
    onboarding: ({ npn, planYear }) => `Agente ${npn}, año del plan ${planYear}`,
    referral: ({ need, state }) => `Referido en ${state}: ${names.need[need]}`,
    notice: ({ kind }) => `Aviso: ${names.noticeName[kind]}`,
  },
  wait: {
    onboarding: ({ stage, ...moment }) => onboardingSentences.onboardingStage[stage].ops(moment),
    answer: ({ until, when, offerNumber }) =>
      `Oferta ${offerNumber}: se espera la respuesta del agente${untilWords(until, when)}; después se pregunta al siguiente`,
    contact: ({ until, when }) =>
      referralSentences.referralStage.accepted.ops({ causes: [], waitingUntil: until, when }),
    outcome: ({ until, when }) =>
      referralSentences.referralStage.contacted.ops({ causes: [], waitingUntil: until, when }),
    nextLook: ({ until, when, causes }) =>
      referralSentences.referralStage.queued.ops({ causes, waitingUntil: until, when }),
  },
  delivery: (notices) =>
    notices
      .map(({ kind, channels }) => {
        const over = listIn(
          'es',
          channels.map((channel) => names.channel[channel]),
        );
        return `${names.noticeName[kind]}, por ${over}`;
      })
      .join('; '),
};

import type { WorkflowSentences } from '../types.ts';
import { names } from './names.ts';
import { onboarding } from './onboarding.ts';
import { referral } from './referral.ts';
import { until as untilWords } from './times.ts';

export const workflow: WorkflowSentences = {
  title: {
    onboarding: ({ npn, planYear }) => `Agente ${npn}, año del plan ${planYear}`,
    referral: ({ need, state }) => `Referido en ${state}: ${names.need[need]}`,
  },
  wait: {
    onboarding: ({ stage, ...moment }) => onboarding.onboardingStage[stage].ops(moment),
    answer: ({ until, when, offerNumber }) =>
      `Oferta ${offerNumber}: se espera la respuesta del agente${untilWords(until, when)}; después se pregunta al siguiente`,
    contact: ({ until, when }) =>
      referral.referralStage.accepted.ops({ causes: [], waitingUntil: until, when }),
    outcome: ({ until, when }) =>
      referral.referralStage.contacted.ops({ causes: [], waitingUntil: until, when }),
    nextLook: ({ until, when, causes }) =>
      referral.referralStage.queued.ops({ causes, waitingUntil: until, when }),
    deed: 'Se espera a que termine una acción en curso',
  },
  deed: {
    review: 'Revisar los datos',
    invite: 'Invitar al agente',
    remindOfLink: 'Recordar la invitación al agente',
    remindOfTerms: 'Recordar los términos al agente',
    register: 'Tomar el registro',
    tell: ({ kind, channel }) => `${names.noticeName[kind]}, por ${names.channel[channel]}`,
    match: 'Buscar un agente adecuado',
    offer: ({ offerNumber }) => `Reservar la oferta ${offerNumber}`,
    accept: 'Anotar la aceptación',
    decline: 'Anotar el rechazo',
    reportOutcome: 'Anotar el resultado',
    endOffer: ({ end }) => `Terminar la oferta: ${referral.offerEnd[end].ops}`,
    withdraw: 'Retirar el referido',
    close: 'Cerrar el referido',
  },
};

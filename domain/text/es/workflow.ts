import type { WorkflowSentences } from '../types.ts';
import { names } from './names.ts';
import { onboardingSentences } from './onboarding.ts';
import { referralSentences } from './referral.ts';
import { until as untilWords } from './times.ts';

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
  delivery: ({ kind, channel }) => `${names.noticeName[kind]}, por ${names.channel[channel]}`,
};

import type { WorkflowSentences } from '../types.ts';
import { names } from './names.ts';
import { onboarding } from './onboarding.ts';
import { referral } from './referral.ts';
import { until as untilWords } from './times.ts';

export const workflow: WorkflowSentences = {
  title: {
    onboarding: ({ npn, planYear }) => `Agente ${npn}, año del plan ${planYear}`,
    referral: ({ need, state }) => `Referido en ${state}: ${names.need[need]}`,
    notice: ({ kind }) => `Aviso: ${names.noticeName[kind]}`,
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
  },
  tell: ({ kind, channel }) => `${names.noticeName[kind]}, por ${names.channel[channel]}`,
};

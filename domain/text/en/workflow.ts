import type { WorkflowSentences } from '../types.ts';
import { names } from './names.ts';
import { onboarding } from './onboarding.ts';
import { referral } from './referral.ts';
import { at } from './times.ts';

export const workflow: WorkflowSentences = {
  title: {
    onboarding: ({ npn, planYear }) => `Agent ${npn}, plan year ${planYear}`,
    referral: ({ need, state }) => `Referral in ${state}: ${names.need[need]}`,
    notice: ({ kind }) => `Notice: ${names.noticeName[kind]}`,
  },
  wait: {
    onboarding: ({ stage, ...moment }) => onboarding.onboardingStage[stage].ops(moment),
    answer: ({ until, when, offerNumber }) =>
      `Offer ${offerNumber}: waiting for the agent's answer until ${at(until, when)}; then the next agent is asked`,
    contact: ({ until, when }) =>
      referral.referralStage.accepted.ops({ causes: [], waitingUntil: until, when }),
    outcome: ({ until, when }) =>
      referral.referralStage.contacted.ops({ causes: [], waitingUntil: until, when }),
    nextLook: ({ until, when, causes }) =>
      referral.referralStage.queued.ops({ causes, waitingUntil: until, when }),
  },
  tell: ({ kind, channel }) => `${names.noticeName[kind]}, by ${names.channel[channel]}`,
};

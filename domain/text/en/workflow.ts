import type { WorkflowSentences } from '../types.ts';
import { names } from './names.ts';
import { onboardingSentences } from './onboarding.ts';
import { referralSentences } from './referral.ts';
import { at } from './times.ts';

export const workflowSentences: WorkflowSentences = {
  title: {
    onboarding: ({ npn, planYear }) => `Agent ${npn}, plan year ${planYear}`,
    referral: ({ need, state }) => `Referral in ${state}: ${names.need[need]}`,
    notice: ({ kind }) => `Notice: ${names.noticeName[kind]}`,
  },
  wait: {
    onboarding: ({ stage, ...moment }) => onboardingSentences.onboardingStage[stage].ops(moment),
    answer: ({ until, when, offerNumber }) =>
      `Offer ${offerNumber}: waiting for the agent's answer until ${at(until, when)}; then the next agent is asked`,
    contact: ({ until, when }) =>
      referralSentences.referralStage.accepted.ops({ causes: [], waitingUntil: until, when }),
    outcome: ({ until, when }) =>
      referralSentences.referralStage.contacted.ops({ causes: [], waitingUntil: until, when }),
    nextLook: ({ until, when, causes }) =>
      referralSentences.referralStage.queued.ops({ causes, waitingUntil: until, when }),
  },
  delivery: ({ kind, channel }) => `${names.noticeName[kind]}, by ${names.channel[channel]}`,
};

/** The one onboarding of an agent for a plan year. */
export interface OnboardingId {
  npn: string;
  planYear: number;
}

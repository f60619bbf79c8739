/**
 * Returns the coverage year that most people ask about on a day: the next one from November 1, when open enrollment for it
 * begins (45 CFR 155.410(e)), and otherwise the current one.
 * @param month 1 to 12
 */
export function usualCoverageYear({ year, month }: { year: number; month: number }): number {
  return month >= 11 ? year + 1 : year;
}

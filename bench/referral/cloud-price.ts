/** Dollars for a million actions, up to so many million of them in a month; the last price goes on (docs/sources.md). */
const actionPrices = [
  { upTo: 5, dollars: 50 },
  { upTo: 10, dollars: 45 },
  { upTo: 20, dollars: 40 },
  { upTo: 50, dollars: 35 },
  { upTo: 100, dollars: 30 },
  { upTo: Number.POSITIVE_INFINITY, dollars: 25 },
];
/** Dollars for a gigabyte of open histories during an hour. */
const openStoragePrice = 0.042;

const referralsADay = 50_000;
const daysOpen = 30;

/** Returns the dollars that Temporal Cloud asks for so many actions in a month, without what a plan includes. */
function dollarsForActions(actions: number): number {
  let from = 0;
  let dollars = 0;
  for (const price of actionPrices) {
    const millions = Math.min(actions / 1_000_000, price.upTo) - from;
    if (millions <= 0) break;
    dollars += millions * price.dollars;
    from = price.upTo;
  }
  return dollars;
}

/** Says what 50,000 referrals a day cost there in a month, all of which wait 30 days for their outcome. */
export function cloudPriceOf({ actions, openKb }: { actions: number; openKb: number }): string {
  const forActions = dollarsForActions(actions * referralsADay * 30);
  const openGigabytes = (referralsADay * daysOpen * openKb) / 1_000_000;
  const forStorage = openGigabytes * 30 * 24 * openStoragePrice;
  return `$${forActions.toFixed(0)} for actions and $${forStorage.toFixed(0)} for open histories a month`;
}

import { measureFeeds } from './feeds.ts';
import { tableOf } from './figures.ts';
import { measureReview } from './review.ts';

/** `npm run bench`: measures what the project promises, and exits with 1 when a target is missed. */
const say = (line: string) => process.stdout.write(`${line}\n`);
try {
  const figures = [...(await measureFeeds(say)), ...(await measureReview(say))];
  say(`\n${tableOf(figures)}`);
  process.exit(figures.every(({ value, most }) => value <= most) ? 0 : 1);
} catch (error) {
  process.stderr.write(`The measurement did not come to its end: ${(error as Error).message}\n`);
  // what was under way when a signal came has lost its database and is not waited for
  process.exit(1);
}

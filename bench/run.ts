import { measureFeeds } from './feeds.ts';
import { tableOf } from './figures.ts';

/** `npm run bench`: measures what the project promises, and exits with 1 when a target is missed. */
const say = (line: string) => process.stdout.write(`${line}\n`);
const figures = await measureFeeds(say);
say(`\n${tableOf(figures)}`);
if (figures.some(({ value, most }) => !(value <= most))) process.exitCode = 1;

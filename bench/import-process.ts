import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { importFeed } from '../store/feeds/import-feed.ts';

/*
 * Imports a registration list in a process of its own and prints the most memory that it held beyond what it held
 * when idle, in bytes (resident set). Arguments: the database's URL, the file.
 */

const sampleIntervalMs = 5;
const settlingMs = 500;

const [url, path] = process.argv.slice(2) as [string, string];
const pool = new Pool({ connectionString: url, max: 1 });
await pool.query('select 1');
await sleep(settlingMs);

const idle = process.memoryUsage.rss();
let peak = idle;
const sample = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
const timer = setInterval(sample, sampleIntervalMs);
await importFeed({
  pool,
  kind: 'registration-completions',
  source: createReadStream(path),
  maxRemovedShare: 1,
  receivedAt: new Date(),
  onProgress: sample,
});
sample();
clearInterval(timer);
await pool.end();
process.stdout.write(String(peak - idle));

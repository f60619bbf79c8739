import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, createPool } from '../runtime/database.ts';
import type { DB } from '../store/database/schema.ts';
import { importFeed } from '../store/feeds/import/import-feed.ts';

/*
 * Imports a registration list in a separate process. Prints JSON with the number of added rows and the peak memory
 * (resident set) above the idle memory, in bytes. Arguments: the database URL and the file.
 */

const sampleIntervalMs = 5;
const warmupMs = 500;

const [url, path] = process.argv.slice(2) as [string, string];
const pool = createPool(url, { poolSize: 1 });
const db = createDatabase<DB>(url, { poolSize: 1 });
await pool.query('select 1');
await sleep(warmupMs);

const idle = process.memoryUsage.rss();
let peak = idle;
const sample = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
const timer = setInterval(sample, sampleIntervalMs);
const { added } = await importFeed({
  pool,
  db,
  origin: 'command',
  kind: 'registration-completions',
  source: createReadStream(path),
  maxRemovedShare: 1,
  maxBadShare: 0,
  receivedAt: new Date(),
  onProgress: sample,
});
sample();
clearInterval(timer);
await Promise.all([pool.end(), db.destroy()]);
process.stdout.write(JSON.stringify({ added, bytes: peak - idle }));

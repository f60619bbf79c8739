import { readCommandLine } from '../runtime/command-line.ts';
import { portSettings } from '../standalone/part-settings.ts';
import { measureFirstPages, measureTasks } from './portal-figures.ts';
import { withTemporarySystem } from './temporary-system.ts';

readCommandLine({
  name: 'npm run measure-portal',
  about:
    'Measures the portal in a browser, on a temporary system with sample people: how soon each first page can be read and used over ' +
    '3G, and what the tasks of agents, consumers and the operations team take on a phone, in taps, fields, seconds and pixels ' +
    '(docs/performance.md). It judges nothing.',
  settings: portSettings,
  exitCodes: {
    0: 'the figures are printed',
    1: 'a page does not show what is measured on it',
    130: 'Ctrl-C ended it; nothing of the system is left',
  },
});
await withTemporarySystem('measure-portal', async ({ say, start, inBrowser }) => {
  const parts = await start();
  const { mailboxUrl = '' } = parts;
  const { logins, publicUrl: portalUrl } = parts.run();
  await inBrowser(async (browser) => {
    const system = { browser, logins, portalUrl, mailboxUrl };
    const inTable = (rows: readonly (readonly string[])[]) =>
      say(`\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`);
    inTable(await measureTasks(system));
    inTable(await measureFirstPages(system));
  });
});

import type { Login } from './run-file.ts';
import type { RunningParts } from './start-parts.ts';

/** Formats the table that `npm start` prints when everything is up: the addresses and the sample log-ins. */
export function describeRunning(parts: RunningParts, seconds: string): string {
  const { publicUrl, logins } = parts.run();
  const addresses: [string, string | undefined][] = [
    ['Portal', publicUrl],
    ['API docs', `${publicUrl}/docs`],
    ['Mailbox', parts.mailboxUrl],
    ['Temporal UI', parts.temporalUiUrl],
  ];
  const found = addresses.filter((row): row is [string, string] => row[1] !== undefined);
  const lines = ['', `Up after ${seconds} s. Press Ctrl-C to stop everything.`, '', ...columns(found)];
  if (logins.length > 0) {
    const people = logins.map(({ role, username, password }): [string, string, string] => [
      role,
      username,
      password,
    ]);
    lines.push('', ...columns([['Log in as', 'username', 'password'], ...people]));
    if (logins.some(({ totpSecret }) => totpSecret))
      lines.push('', '  Secrets of the second factor: run.json');
    lines.push('', ...whatToTryFirst(publicUrl, logins));
  }
  return `${lines.join('\n')}\n`;
}

/** Says what to do first, with people of the sample data. */
function whatToTryFirst(publicUrl: string, logins: readonly Login[]): string[] {
  const agents = logins.filter(({ role }) => role === 'agent').map(({ username }) => username);
  return [
    '  Try this first',
    `  1. Open ${publicUrl}/login, log in as ${agents[0]}, and keep the inbox open.`,
    `  2. In another window, open ${publicUrl}/help and ask for help with ZIP 85004.`,
    `  3. Accept the referral in the inbox. Another agent may be asked first: ${agents.slice(1).join(' or ')}.`,
    '  4. Read in the mailbox what everybody was sent.',
  ];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2)).join('')}`.trimEnd(),
  );
}

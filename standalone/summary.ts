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
  }
  return `${lines.join('\n')}\n`;
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2)).join('')}`.trimEnd(),
  );
}

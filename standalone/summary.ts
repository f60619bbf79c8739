import type { RunningParts } from './start-parts.ts';

/** The table that `npm start` ends with: where everything is, and who can log in. */
export function describeRunning(parts: RunningParts, seconds: string): string {
  const { publicUrl, logins } = parts.run();
  const places: [string, string | undefined][] = [
    ['Portal', publicUrl],
    ['API', `${publicUrl}/docs`],
    ['Mail and texts', parts.mailboxUrl],
    ['Temporal', parts.temporalUiUrl],
  ];
  const found = places.filter((place): place is [string, string] => place[1] !== undefined);
  const lines = ['', `Up after ${seconds} s. Ctrl-C ends everything.`, '', ...columns(found)];
  if (logins.length > 0) {
    const people = logins.map(({ role, username, password }): [string, string, string] => [
      role,
      username,
      password,
    ]);
    lines.push('', ...columns([['Log in as', 'user name', 'password'], ...people]));
    if (logins.some(({ totpSecret }) => totpSecret)) lines.push('', '  Secrets of second factors: run.json');
  }
  return `${lines.join('\n')}\n`;
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2)).join('')}`.trimEnd(),
  );
}

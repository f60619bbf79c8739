import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A copy of a registration list in which the flag of the given rows is N instead of Y. */
export function changedList(rows: readonly { npn: string; year: number }[]) {
  const keys = new Set(rows.map(({ npn, year }) => `${npn},${year}`));
  return async function* changed(list: Readable): AsyncGenerator<string> {
    for await (const line of createInterface({ input: list })) {
      const [npn = '', year = ''] = line.split(',', 2);
      yield `${keys.has(`${npn.replace(/^0+/, '')},${year}`) ? line.replace(/Y$/, 'N') : line}\n`;
    }
  };
}

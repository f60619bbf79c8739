import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Repeats a registration list under one header. Each further copy has other NPNs. */
export async function* repeatedList(path: string, times: number): AsyncGenerator<string> {
  for (let copy = 0; copy < times; copy += 1) {
    let isHeader = true;
    for await (const line of createInterface({ input: createReadStream(path) })) {
      if (!isHeader) yield `${inCopy(line, copy)}\n`;
      else if (copy === 0) yield `${line}\n`;
      isHeader = false;
    }
  }
}

/** Changes a line's NPN to one of ten digits, which the list itself does not use. */
function inCopy(line: string, copy: number): string {
  const comma = line.indexOf(',');
  return copy === 0 ? line : `${copy}${line.slice(0, comma).padStart(9, '0').slice(-9)}${line.slice(comma)}`;
}

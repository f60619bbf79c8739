import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { feedKinds } from '../../../domain/onboarding/evidence.ts';
import type { Stack } from '../../harness/stack.ts';
import { invalidInput } from './marked-people.ts';
import type { Answers } from './wrong-requests.ts';

const { name, email, phone, ssn } = invalidInput;

/** Uploads a feed. @returns the status of the answer */
export function deliver(stack: Stack, { send }: Answers, kind: string, body: string): Promise<number> {
  const headers = { authorization: `Bearer ${stack.feedsKey}`, 'content-type': 'text/csv' };
  return send({ method: 'PUT', path: `/v1/feeds/${kind}`, body, headers });
}

/** Reads the valid file of a feed that the test has uploaded before. */
export function deliveredFeed({ folder }: Stack, kind: string): Promise<string> {
  return readFile(join(folder, `${kind}.csv`), 'utf8');
}

/** Uploads each feed with every kind of error. The valid rows stay, so that reports are about the bad ones. */
export async function deliverWrongFeeds(stack: Stack, answers: Answers): Promise<void> {
  for (const kind of feedKinds) {
    const valid = await deliveredFeed(stack, kind);
    const [header = ''] = valid.split('\n');
    const columns = header.split(',').length;
    const rowOf = (first: string, rest: string) =>
      [first, ...Array<string>(columns - 1).fill(rest)].join(',');
    const badRows = [
      rowOf('12345678', name),
      rowOf(phone, email),
      `${name},${email}`,
      rowOf(email, 'x'.repeat(300)),
    ];
    await deliver(stack, answers, kind, `${valid}${badRows.join('\n')}\n`);
    await deliver(stack, answers, kind, `${header},SSN\n${rowOf('12345678', name)},${ssn}\n`);
    await deliver(stack, answers, kind, `${valid}${rowOf('12345678', ssn)}\n`);
    await deliver(stack, answers, kind, `${name},${email},${phone}\n${name},${email},${phone}\n`);
    await deliver(stack, answers, kind, `${valid}"${name}, ${email}`);
  }
}

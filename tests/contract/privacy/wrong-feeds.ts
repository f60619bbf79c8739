import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { feedKinds } from '../../../domain/onboarding/evidence.ts';
import type { Stack } from '../../harness/stack.ts';
import { typedWrongly } from './marked-people.ts';
import type { Answers } from './wrong-requests.ts';

const { name, email, phone, ssn } = typedWrongly;

/** Delivers a feed as it is given. @returns the status it was answered with */
export function deliver(stack: Stack, { send }: Answers, kind: string, body: string): Promise<number> {
  const headers = { authorization: `Bearer ${stack.feedsKey}`, 'content-type': 'text/csv' };
  return send({ method: 'PUT', path: `/v1/feeds/${kind}`, body, headers });
}

/** The rows of a feed that the story has delivered before. */
export function deliveredFeed({ folder }: Stack, kind: string): Promise<string> {
  return readFile(join(folder, `${kind}.csv`), 'utf8');
}

/** Delivers each feed in every wrong shape: the sound rows stay, so that what is told is told of the bad ones. */
export async function deliverWrongFeeds(stack: Stack, answers: Answers): Promise<void> {
  for (const kind of feedKinds) {
    const sound = await deliveredFeed(stack, kind);
    const [header = ''] = sound.split('\n');
    const columns = header.split(',').length;
    const rowOf = (first: string, rest: string) =>
      [first, ...Array<string>(columns - 1).fill(rest)].join(',');
    const badRows = [
      rowOf('12345678', name),
      rowOf(phone, email),
      `${name},${email}`,
      rowOf(email, 'x'.repeat(300)),
    ];
    await deliver(stack, answers, kind, `${sound}${badRows.join('\n')}\n`);
    await deliver(stack, answers, kind, `${header},SSN\n${rowOf('12345678', name)},${ssn}\n`);
    await deliver(stack, answers, kind, `${sound}${rowOf('12345678', ssn)}\n`);
    await deliver(stack, answers, kind, `${name},${email},${phone}\n${name},${email},${phone}\n`);
    await deliver(stack, answers, kind, `${sound}"${name}, ${email}`);
  }
}

import type { Deps } from './deps.ts';
import { parsePhone } from './phone.ts';
import type { Fault } from './route.ts';

/** What is wrong with an agent's phone: no US number, or a landline, which texts do not reach (guide, Registration 2). */
export async function phoneFaults({ lineTypeOf, log }: Deps, typed: string): Promise<Fault[]> {
  const phone = parsePhone(typed);
  if (!phone)
    return [{ pointer: '/phone', code: 'not-a-us-phone', detail: 'This is not a US phone number.' }];
  // Lookup being away is no reason to turn an agent away
  const type = await lineTypeOf?.(phone).catch((error: unknown) => {
    log.warn({ err: error }, 'the kind of a phone line could not be looked up');
    return 'unknown' as const;
  });
  if (type !== 'landline') return [];
  return [
    { pointer: '/phone', code: 'landline', detail: 'This is a landline; texts need a cell phone number.' },
  ];
}

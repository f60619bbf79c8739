import {
  isTextless,
  type LineType,
  type PhoneChannel,
  type TextlessLineType,
} from '../../../domain/notifications/contact.ts';
import type { ContactWay } from '../../../domain/referrals/contact-times.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { Checked } from '../../http/requests/checked.ts';
import type { ConsumerFaults } from '../../schemas/problem.ts';

/**
 * Checks that the phone of an agent gets texts, which a landline does not (docs/guide.md, step 2).
 * @param phone E.164
 * @returns its line type; null if the look-up failed
 */
export async function checkAgentPhone(deps: Deps, phone: string): Promise<Checked<LineType | null>> {
  const lineType = await lookUpLineType(deps, phone);
  if (!isTextless(lineType)) return { known: lineType };
  return { faults: [{ pointer: '/phone', code: lineType, detail: textlessDetails[lineType] }] };
}

/**
 * Looks up the line type of a number. A failed look-up must not block anybody, so it counts as unknown.
 * @param phone E.164
 * @returns null if the line type is unknown
 */
async function lookUpLineType({ lineTypeLookup, log }: Deps, phone: string): Promise<LineType | null> {
  if (!lineTypeLookup) return null;
  return lineTypeLookup(phone).catch((error: unknown) => {
    log.warn({ err: error }, 'Line type look-up failed');
    return null;
  });
}

const textlessDetails: Readonly<Record<TextlessLineType, string>> = {
  landline: 'This is a landline; texts need a cell phone number.',
  'no-texts':
    'This number cannot get texts: it is toll-free, a pager or similar. Texts need a cell phone number.',
  'no-number': 'There is no such phone number. Texts need a cell phone number.',
};

/**
 * Chooses how a code reaches the phone of a consumer: by text, or by call if the line gets no texts. Call it after the
 * rate limits were counted, because each look-up costs money; without confirmation of contacts there is no look-up.
 * @param phone E.164
 * @throws a problem for `/phone` if the number does not exist, or if the consumer wants texts on a line that gets none
 */
export async function chooseCodeChannel(
  deps: Deps,
  { phone, contactBy }: { phone: string | undefined; contactBy?: ContactWay },
): Promise<PhoneChannel> {
  if (phone === undefined || !deps.settings.policy.confirmConsumerContact) return 'text';
  const lineType = await lookUpLineType(deps, phone);
  if (!isTextless(lineType)) return 'text';
  if (lineType === 'no-number') failPhone('no-number', 'There is no such phone number.');
  if (contactBy === 'text')
    failPhone(lineType, 'This number cannot get texts. Choose another way to be reached.');
  return 'voice';
}

function failPhone(code: ConsumerFaults['phone'], detail: string): never {
  return fail('invalid-fields', { errors: [{ pointer: '/phone', code, detail }] });
}

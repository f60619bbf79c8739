import type { Request } from 'express';
import {
  isTextless,
  type LineType,
  type PhoneChannel,
  type TextlessLineType,
} from '../../../domain/notifications/contact.ts';
import type { ContactWay } from '../../../domain/referrals/contact-times.ts';
import { readPhoneNumber } from '../../../domain/values/phone-number.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { FieldFault } from '../../http/route.ts';
import type { ConsumerFaults } from '../../schemas/problem.ts';

/** Checks the phone of an agent and remembers its line type for the same request. */
export interface PhoneCheck {
  /** Finds a number outside the US, or one that gets no texts, such as a landline (docs/guide.md, step 2). */
  faults: (typed: string, request: Request) => Promise<FieldFault[]>;
  /** Returns the line type that the check of this request found; null if the look-up failed. */
  foundLineType: (request: Request) => LineType | null;
}

/** Creates the check. It keeps the line type of each request in memory, for `foundLineType`. */
export function createPhoneCheck(deps: Deps): PhoneCheck {
  const found = new WeakMap<Request, LineType | null>();
  return {
    foundLineType: (request) => found.get(request) ?? null,
    faults: async (typed, request) => {
      const phone = parsePhone(typed);
      if (!phone) return [phoneFault('not-a-us-phone', 'This is not a US phone number.')];
      const lineType = await lookUpLineType(deps, phone);
      found.set(request, lineType);
      return isTextless(lineType) ? [phoneFault(lineType, textlessDetails[lineType])] : [];
    },
  };
}

/**
 * Looks up the line type of a number. A failed look-up must not block anybody, so it counts as unknown.
 * @param phone E.164
 * @returns null if the line type is unknown
 */
export async function lookUpLineType({ lineTypeLookup, log }: Deps, phone: string): Promise<LineType | null> {
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

const phoneFault = (code: string, detail: string): FieldFault => ({ pointer: '/phone', code, detail });

/** Converts a US phone number in any common format to E.164. @returns undefined if it is not a US number */
export function parsePhone(text: string): string | undefined {
  const read = readPhoneNumber(text);
  return 'phone' in read ? read.phone : undefined;
}

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

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

/** Checks a phone that an agent gives, and remembers for the same request what kind of line it is. */
export interface PhoneCheck {
  /** No US number, or one that texts do not reach, a landline for example (guide, Registration 2). */
  faults: (typed: string, request: Request) => Promise<FieldFault[]>;
  /** What the check of this request found; null where the look-up was down. */
  foundLineType: (request: Request) => LineType | null;
}

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

/** What kind of line a number is. Lookup being away is no reason to turn anybody away. @returns null where that is not known */
export async function lookUpLineType({ lineTypeLookup, log }: Deps, phone: string): Promise<LineType | null> {
  if (!lineTypeLookup) return null;
  return lineTypeLookup(phone).catch((error: unknown) => {
    log.warn({ err: error }, 'the kind of a phone line could not be looked up');
    return null;
  });
}

const textlessDetails: Readonly<Record<TextlessLineType, string>> = {
  landline: 'This is a landline; texts need a cell phone number.',
  'no-texts':
    'This number takes no texts: it is toll-free, a pager or the like. Texts need a cell phone number.',
  'no-number': 'There is no such phone number. Texts need a cell phone number.',
};

const phoneFault = (code: string, detail: string): FieldFault => ({ pointer: '/phone', code, detail });

/** A US phone number in E.164, from any usual way of writing it; undefined when it is none. */
export function parsePhone(text: string): string | undefined {
  const read = readPhoneNumber(text);
  return 'phone' in read ? read.phone : undefined;
}

/**
 * How a code reaches the phone that a consumer gives: a text, or a call where no text arrives. It is looked up only where
 * codes are sent, after the limits were counted: each look-up costs.
 * @param phone E.164
 * @throws a problem for `/phone` where there is no such number, or the consumer wants texts to a line that takes none
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
    failPhone(lineType, 'No texts arrive at this number. Choose another way to be reached.');
  return 'voice';
}

function failPhone(code: ConsumerFaults['phone'], detail: string): never {
  return fail('invalid-fields', { errors: [{ pointer: '/phone', code, detail }] });
}

import type { Request } from 'express';
import { isTextless, type LineType, type TextlessLineType } from '../../../domain/notifications/contact.ts';
import type { Deps } from '../../deps.ts';
import type { Fault } from '../../http/route.ts';
import { parsePhone } from './parse-phone.ts';

/** Checks a phone that an agent gives, and remembers for the same request what kind of line it is. */
export interface PhoneCheck {
  /** No US number, or one that texts do not reach, a landline for example (guide, Registration 2). */
  faults: (typed: string, request: Request) => Promise<Fault[]>;
  /** What the check of this request found; null where the look-up was down. */
  lineTypeOf: (request: Request) => LineType | null;
}

export function createPhoneCheck(deps: Deps): PhoneCheck {
  const found = new WeakMap<Request, LineType | null>();
  return {
    lineTypeOf: (request) => found.get(request) ?? null,
    faults: async (typed, request) => {
      const phone = parsePhone(typed);
      if (!phone) return [fault('not-a-us-phone', 'This is not a US phone number.')];
      const lineType = await lookUpLine(deps, phone);
      found.set(request, lineType);
      return isTextless(lineType) ? [fault(lineType, textless[lineType])] : [];
    },
  };
}

/** What kind of line a number is. Lookup being away is no reason to turn anybody away. @returns null where that is not known */
export async function lookUpLine({ lineTypeOf, log }: Deps, phone: string): Promise<LineType | null> {
  if (!lineTypeOf) return null;
  return lineTypeOf(phone).catch((error: unknown) => {
    log.warn({ err: error }, 'the kind of a phone line could not be looked up');
    return null;
  });
}

const textless: Readonly<Record<TextlessLineType, string>> = {
  landline: 'This is a landline; texts need a cell phone number.',
  'no-texts':
    'This number takes no texts: it is toll-free, a pager or the like. Texts need a cell phone number.',
  'no-number': 'There is no such phone number. Texts need a cell phone number.',
};

const fault = (code: string, detail: string): Fault => ({ pointer: '/phone', code, detail });

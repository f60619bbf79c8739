import type { HelpRequest } from '../../../../../api/schemas/referrals/referrals.ts';
import { readEmailAddress } from '../../../../../domain/values/email-address.ts';
import { readPhoneNumber } from '../../../../../domain/values/phone-number.ts';
import { isStorable, nameFaultsOf } from '../../../../../domain/values/text-checks.ts';
import { readZip } from '../../../../../domain/values/zip.ts';
import type { BodyIssue, BodySchema } from '../../../form/use-api-form.ts';

/**
 * The API's schema of a request for help, by hand: the first page of a consumer loads no schemas. It finds faults in the same fields
 * with the same codes, which a test compares; the body goes to the API as it was typed, which reads it again.
 */
export const helpRequestCheck: BodySchema<HelpRequest> = {
  safeParse(body) {
    const fields = body as Readonly<Record<string, unknown>>;
    const issues = Object.entries(checks).flatMap(([field, check]): BodyIssue[] => {
      const code = check(fields[field]);
      return code === undefined
        ? []
        : [
            {
              code: 'custom',
              path: [field],
              message: code,
              params: code === 'invalid' ? undefined : { code },
            },
          ];
    });
    return issues.length > 0
      ? { success: false, error: { issues } }
      : { success: true, data: body as HelpRequest };
  },
};

/** The code of a value's fault; undefined for a value that the API accepts. */
type Check = (value: unknown) => string | undefined;

/** Checks a text that has been typed, up to the length that the API reads. */
const typed =
  (most: number, check: (text: string) => string | undefined): Check =>
  (value) => {
    const text = String(value);
    return text.length > most ? 'invalid' : check(text);
  };
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

const checks: Readonly<Record<string, Check>> = {
  name: typed(200, nameFault),
  phone: optional(typed(100, (text) => faultIn(readPhoneNumber(text)))),
  email: optional(typed(400, (text) => faultIn(readEmailAddress(text)))),
  zip: typed(50, (text) => (readZip(text) === undefined ? 'wrong-format' : undefined)),
  coverageYear: (year) => (typeof year === 'number' ? undefined : 'invalid'),
  need: (need) => (need ? undefined : 'invalid'),
  agent: (agent) => {
    const { npn, name } = (agent ?? {}) as { npn?: string; name?: string };
    if (npn !== undefined) return /^0*[1-9]\d{0,9}$/.test(npn) && npn.length <= 10 ? undefined : 'invalid';
    return name === undefined ? undefined : typed(200, nameFault)(name);
  },
  consent: (consent) =>
    (consent as Partial<HelpRequest['consent']> | undefined)?.version === undefined ? 'invalid' : undefined,
};

function nameFault(name: string): string | undefined {
  if (!isStorable(name)) return 'not-text';
  return name === '' || /[^ -~\u00a0-\uffff]/.test(name) ? 'invalid' : nameFaultsOf(name)[0];
}

function faultIn(read: { fault: string } | object): string | undefined {
  return 'fault' in read ? read.fault : undefined;
}

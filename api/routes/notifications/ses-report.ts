import { z } from 'zod';

/** What SES says of one of our mails, as a delivery takes it in. */
export type SesReport = {
  attemptId?: string | undefined;
  providerMessageId?: string | undefined;
} & SesOutcome;

/** A report, or what there is instead: something that we do not follow, or that nobody has heard of. */
export type SesParseResult = SesReport | IgnoredEvent | { status: 'unknown'; type: string };
interface IgnoredEvent {
  status: 'not-followed';
}

/**
 * What became of a mail. `refused`: it failed, and its address is good. `delayed`: it may still arrive, or a mailbox has
 * answered by itself.
 */
type SesOutcome =
  | { status: 'sent' | 'delivered' }
  | { status: 'refused'; code: string }
  | { status: 'delayed'; code: string }
  | { status: 'bounced' | 'complained'; code: string; addresses: string[] };

// whatever is odd about an optional field costs that field alone
const optionalText = z.string().optional().catch(undefined);
const recipients = z
  .array(
    z.object({
      emailAddress: optionalText,
      status: optionalText,
      action: optionalText,
      diagnosticCode: optionalText,
    }),
  )
  .catch([]);
const sesEventSchema = z.object({
  // an event of a configuration set says `eventType`, the older feedback of an identity `notificationType`
  eventType: optionalText,
  notificationType: optionalText,
  mail: z
    .object({
      messageId: z.string().min(1).max(200).optional().catch(undefined),
      destination: z.array(z.string()).catch([]),
      tags: z.record(z.string(), z.unknown()).catch({}),
    })
    .catch({ destination: [], tags: {} }),
  bounce: z
    .object({ bounceType: optionalText, bounceSubType: optionalText, bouncedRecipients: recipients })
    .optional()
    .catch(undefined),
  complaint: z
    .object({
      complainedRecipients: recipients,
      complaintFeedbackType: optionalText,
      complaintSubType: optionalText,
    })
    .optional()
    .catch(undefined),
  deliveryDelay: z.object({ delayType: optionalText }).optional().catch(undefined),
});
type SesEvent = z.output<typeof sesEventSchema>;
type Bounce = NonNullable<SesEvent['bounce']>;

/** What an identity says once its feedback goes to a topic. */
const ignoredTypes: ReadonlySet<string> = new Set([
  'open',
  'click',
  'subscription',
  'received',
  'amazonsnssubscriptionsucceeded',
]);

/**
 * Reads what SES publishes, fields that it may add left out. Only an event of a configuration set carries the tag
 * with the attempt's id; the older feedback is known by SES's own id.
 */
export function parseSesReport(message: string): SesParseResult {
  const found = sesEventSchema.safeParse(parseJson(message)).data;
  // SNS tries a new subscription out with a sentence
  if (!found) return { status: 'not-followed' };
  const { eventType, notificationType, mail } = found;
  const type = eventType ?? notificationType ?? 'none';
  const kind = normalizeWord(type);
  if (ignoredTypes.has(kind)) return { status: 'not-followed' };
  const tag = mail.tags['attempt'];
  const attemptId = z.uuid().safeParse(Array.isArray(tag) ? tag[0] : tag).data;
  const outcome = mailOutcomeOf(kind, found);
  if (outcome?.status === 'not-followed') return outcome;
  if (!outcome || (attemptId === undefined && mail.messageId === undefined))
    return { status: 'unknown', type: safeCode(type.replaceAll(' ', '-')) };
  return { ...outcome, attemptId, providerMessageId: mail.messageId };
}

function mailOutcomeOf(
  kind: string,
  { mail, bounce, complaint, deliveryDelay }: SesEvent,
): SesOutcome | IgnoredEvent | undefined {
  switch (kind) {
    case 'send':
      return { status: 'sent' };
    case 'delivery':
      return { status: 'delivered' };
    case 'bounce':
      return bounce && outcomeOfBounce(mail, bounce);
    case 'complaint':
      return outcomeOfComplaint(mail, complaint);
    case 'reject':
      return { status: 'refused', code: 'rejected' };
    case 'renderingfailure':
      return { status: 'refused', code: 'rendering-failure' };
    case 'deliverydelay':
      return { status: 'delayed', code: safeCode(deliveryDelay?.delayType ?? 'delayed') };
    default:
      return undefined;
  }
}

/** Subtypes of a bounce that is not for good, after which this mail will not arrive. */
const failedSubTypes: ReadonlySet<string> = new Set([
  'mailboxfull',
  'messagetoolarge',
  'contentrejected',
  'attachmentrejected',
  'customtimeoutexceeded',
]);
const suppressedSubTypes: ReadonlySet<string> = new Set(['suppressed', 'onaccountsuppressionlist']);

/**
 * Permanent: the address takes no mail, or is on a list of those that do not; the list's name says more than the
 * status that it makes up. Otherwise the address is good: this mail failed where the subtype or a status 5.x says so,
 * or a recipient's server gave up on it; without any of them it may be late, or an automatic answer.
 */
function outcomeOfBounce(mail: SesEvent['mail'], bounce: Bounce): SesOutcome {
  const { bounceType = '', bounceSubType = 'unknown', bouncedRecipients } = bounce;
  const [first] = bouncedRecipients;
  const { status, action } = first ?? {};
  const subType = normalizeWord(bounceSubType);
  if (normalizeWord(bounceType) === 'permanent') {
    const code = safeCode(suppressedSubTypes.has(subType) ? bounceSubType : (status ?? bounceSubType));
    return { status: 'bounced', code, addresses: recipientAddresses(mail, bouncedRecipients) };
  }
  const hasFailed =
    failedSubTypes.has(subType) ||
    bouncedRecipients.some((one) => /^\s*5\./.test(one.status ?? '')) ||
    (status !== undefined && normalizeWord(action ?? '') === 'failed');
  if (!hasFailed) return { status: 'delayed', code: safeCode(bounceSubType) };
  return {
    status: 'refused',
    code: safeCode(failedSubTypes.has(subType) ? bounceSubType : (status ?? bounceSubType)),
  };
}

function outcomeOfComplaint(
  mail: SesEvent['mail'],
  complaint: SesEvent['complaint'],
): SesOutcome | IgnoredEvent {
  const { complaintFeedbackType, complaintSubType, complainedRecipients = [] } = complaint ?? {};
  // somebody took a mail out of the spam folder
  if (normalizeWord(complaintFeedbackType ?? '') === 'notspam') return { status: 'not-followed' };
  const addresses = recipientAddresses(mail, complainedRecipients);
  // SES did not even try: somebody had complained of an earlier one
  if (complaintSubType !== undefined && suppressedSubTypes.has(normalizeWord(complaintSubType)))
    return { status: 'bounced', code: safeCode(complaintSubType), addresses };
  return {
    status: 'complained',
    code: safeCode(complaintFeedbackType ?? complaintSubType ?? 'complaint'),
    addresses,
  };
}

/** A mail of ours has one recipient. The one whose server answered may be another, to whom it was passed on. */
function recipientAddresses({ destination }: SesEvent['mail'], named: z.output<typeof recipients>): string[] {
  const addresses =
    destination.length === 1 ? destination : named.map(({ emailAddress = '' }) => emailAddress);
  return addresses.map((address) => /<([^<>]*)>\s*$/.exec(address)?.[1] ?? address.trim()).filter(Boolean);
}

/** SES's APIs spell their own words differently: `Rendering Failure`, `RENDERING_FAILURE`, `renderingFailure`. */
const normalizeWord = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');

/** A bare code: whatever else a mail server wrote could name somebody. */
function safeCode(text: string): string {
  return /^[\w.-]{1,64}$/.test(text) ? text : 'unknown';
}

/** What a mail server wrote can hold a NUL, which Postgres does not take. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' ? value.replaceAll('\0', '') : value,
    );
  } catch {
    return undefined;
  }
}

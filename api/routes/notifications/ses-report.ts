import { z } from 'zod';

/** A report of SES on one of our mails, as the delivery records it. */
export type SesReport = {
  attemptId?: string | undefined;
  providerMessageId?: string | undefined;
} & SesOutcome;

/** Result of parsing: a report, an event type that we ignore, or one that we do not know. */
export type SesParseResult = SesReport | IgnoredEvent | { status: 'unknown'; type: string };
interface IgnoredEvent {
  status: 'not-followed';
}

/**
 * Outcome of a mail. `refused`: it failed, but its address is valid. `delayed`: it may still arrive, or the report is of
 * an automatic reply.
 */
type SesOutcome =
  | { status: 'sent' }
  | { status: 'delivered' }
  | { status: 'refused'; code: string }
  | { status: 'delayed'; code: string }
  | { status: 'bounced' | 'complained'; code: string; addresses: string[] };

// an invalid optional field is ignored; the other fields still count
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
  // events of a configuration set have `eventType`; the older feedback notifications have `notificationType`
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

/** Event types that SES also publishes and that say nothing about a delivery. */
const ignoredTypes: ReadonlySet<string> = new Set([
  'open',
  'click',
  'subscription',
  'received',
  'amazonsnssubscriptionsucceeded',
]);

/**
 * Parses a message that SES published, ignoring unknown fields. Only events of a configuration set have the tag with the
 * id of the delivery attempt; the older feedback notifications are matched by SES's own message id.
 */
export function parseSesReport(message: string): SesParseResult {
  const found = sesEventSchema.safeParse(parseJson(message)).data;
  // SNS tests a new subscription with a plain sentence
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

/** Subtypes of transient bounces after which this mail will not arrive. */
const failedSubTypes: ReadonlySet<string> = new Set([
  'mailboxfull',
  'messagetoolarge',
  'contentrejected',
  'attachmentrejected',
  'customtimeoutexceeded',
]);
const suppressedSubTypes: ReadonlySet<string> = new Set(['suppressed', 'onaccountsuppressionlist']);

/**
 * Classifies a bounce. Permanent: the address accepts no mail or is on a suppression list; then the subtype is the more
 * specific code, because SES invents the status. Otherwise the address is valid: the mail failed if the subtype, a status
 * 5.x or the recipient's server says so; if none does, it may be late, or the report is of an automatic reply.
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
    bouncedRecipients.some((recipient) => /^\s*5\./.test(recipient.status ?? '')) ||
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
  // the recipient moved a mail out of the spam folder
  if (normalizeWord(complaintFeedbackType ?? '') === 'notspam') return { status: 'not-followed' };
  const addresses = recipientAddresses(mail, complainedRecipients);
  // SES did not send it, because the recipient complained about an earlier mail
  if (complaintSubType !== undefined && suppressedSubTypes.has(normalizeWord(complaintSubType)))
    return { status: 'bounced', code: safeCode(complaintSubType), addresses };
  return {
    status: 'complained',
    code: safeCode(complaintFeedbackType ?? complaintSubType ?? 'complaint'),
    addresses,
  };
}

/**
 * Returns the address we wrote to. Our mails have one recipient; a report may name another to whom it was forwarded.
 */
function recipientAddresses(
  { destination }: SesEvent['mail'],
  reported: z.output<typeof recipients>,
): string[] {
  const addresses =
    destination.length === 1 ? destination : reported.map(({ emailAddress = '' }) => emailAddress);
  return addresses.map((address) => /<([^<>]*)>\s*$/.exec(address)?.[1] ?? address.trim()).filter(Boolean);
}

/** Normalizes the spellings of SES's APIs: `Rendering Failure`, `RENDERING_FAILURE`, `renderingFailure`. */
const normalizeWord = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');

/** Returns a plain code; any other text of a mail server could contain personal data. */
function safeCode(text: string): string {
  return /^[\w.-]{1,64}$/.test(text) ? text : 'unknown';
}

/** Parses JSON and removes NUL characters, which mail servers may send and Postgres refuses. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' ? value.replaceAll('\0', '') : value,
    );
  } catch {
    return undefined;
  }
}

import { z } from 'zod';

/** What SES says of one of our mails, as a delivery takes it in. */
export type SesReport = {
  attemptId?: string;
  providerMessageId: string;
} & (
  | { status: 'sent' | 'delivered' }
  | { status: 'refused'; code: string }
  | { status: 'bounced' | 'complained'; code: string; addresses: string[] }
  | { status: 'delayed'; code: string }
);

const recipients = z.array(z.object({ emailAddress: z.string(), status: z.string().optional() }));
const event = z.object({
  // an event of a configuration set says `eventType`, the older feedback of an identity `notificationType`
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.object({
    messageId: z.string().min(1).max(200),
    destination: z.array(z.string()),
    tags: z.record(z.string(), z.array(z.string())).optional(),
  }),
  bounce: z
    .object({ bounceType: z.string(), bounceSubType: z.string(), bouncedRecipients: recipients })
    .optional(),
  complaint: z
    .object({
      complainedRecipients: recipients,
      complaintFeedbackType: z.string().nullish(),
      complaintSubType: z.string().nullish(),
    })
    .optional(),
  deliveryDelay: z.object({ delayType: z.string() }).optional(),
});
type SesEvent = z.output<typeof event>;

/**
 * Reads what SES publishes, fields that it may add left out. Only an event of a configuration set carries the tag
 * with the attempt's id; the older feedback is known by SES's own id. Undefined: nothing that we follow, such as an
 * opened mail.
 */
export function sesReportIn(message: string): SesReport | undefined {
  const found = event.safeParse(jsonIn(message)).data;
  if (!found) return undefined;
  const attemptId = z.uuid().safeParse(found.mail.tags?.['attempt']?.[0]).data;
  const outcome = outcomeOf(found);
  return outcome && { ...outcome, attemptId, providerMessageId: found.mail.messageId };
}

function outcomeOf({ eventType, notificationType, mail, bounce, complaint, deliveryDelay }: SesEvent) {
  switch (eventType ?? notificationType ?? 'none') {
    case 'Send':
      return { status: 'sent' } as const;
    case 'Delivery':
      return { status: 'delivered' } as const;
    case 'Bounce': {
      if (!bounce) return undefined;
      const { bounceType, bounceSubType, bouncedRecipients } = bounce;
      // `Undetermined` says nothing for good either
      if (bounceType !== 'Permanent') return { status: 'delayed', code: codeIn(bounceSubType) } as const;
      const code = codeIn(bouncedRecipients[0]?.status ?? bounceSubType);
      return { status: 'bounced', code, addresses: mailedTo(mail, bouncedRecipients) } as const;
    }
    case 'Complaint': {
      const { complaintFeedbackType, complaintSubType, complainedRecipients = [] } = complaint ?? {};
      // somebody took a mail out of the spam folder
      if (complaintFeedbackType === 'not-spam') return undefined;
      const code = codeIn(complaintFeedbackType ?? complaintSubType ?? 'complaint');
      return { status: 'complained', code, addresses: mailedTo(mail, complainedRecipients) } as const;
    }
    case 'Reject':
      return { status: 'refused', code: 'rejected' } as const;
    case 'DeliveryDelay':
      return { status: 'delayed', code: codeIn(deliveryDelay?.delayType ?? 'delayed') } as const;
    default:
      return undefined;
  }
}

/** A mail of ours has one recipient. The one whose server answered may be another, to whom it was passed on. */
function mailedTo({ destination }: SesEvent['mail'], named: z.output<typeof recipients>): string[] {
  const addresses = destination.length === 1 ? destination : named.map(({ emailAddress }) => emailAddress);
  return addresses.map((address) => /<([^>]*)>\s*$/.exec(address)?.[1] ?? address.trim());
}

/** A bare code: whatever else a mail server wrote could name somebody. */
function codeIn(text: string): string {
  return /^[\w.-]{1,64}$/.test(text) ? text : 'unknown';
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

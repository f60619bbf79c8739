import { z } from 'zod';

/** A field of a form; of one that came more than once, the first. */
const field = z.preprocess((value) => (Array.isArray(value) ? value[0] : value), z.string());
/** One without which the rest still says something: whatever is odd about it costs it alone. */
const optional = field.optional().catch(undefined);

/** Twilio's sid of a message: `SM…`, or `MM…` with media. */
const messageSid = field.pipe(z.string().regex(/^[SM]M[0-9a-f]{32}$/i));
const knownSid = messageSid.optional().catch(undefined);
const state = optional.transform((text) => text?.trim().toLowerCase());

/** The query of a status callback: ours, and whatever Twilio or a proxy adds to it. */
export const callbackQuery = z.object({ attempt: z.uuid().optional().catch(undefined) });

/**
 * What we read of a status callback; Twilio adds fields as it likes, and leaves some empty. `MessageStatus` and
 * `SmsStatus` say the same, and so do the sids.
 */
export const statusCallback = z
  .object({
    MessageSid: knownSid,
    SmsSid: knownSid,
    MessageStatus: state,
    SmsStatus: state,
    /** A number in digits, where a carrier or Twilio refused the message. */
    ErrorCode: optional.transform((text) =>
      /^[1-9]\d{2,8}$/.test(text?.trim() ?? '') ? text?.trim() : undefined,
    ),
    To: field.pipe(z.string().max(50)).optional().catch(undefined),
  })
  .transform(({ MessageSid, SmsSid, MessageStatus, SmsStatus, ErrorCode, To }) => ({
    sid: MessageSid ?? SmsSid,
    status: MessageStatus || SmsStatus || '',
    code: ErrorCode,
    phone: To,
  }));
export type StatusCallback = z.output<typeof statusCallback>;

/** What we read of a call's status callback. */
export const callCallback = z
  .object({
    CallSid: field
      .pipe(z.string().regex(/^CA[0-9a-f]{32}$/i))
      .optional()
      .catch(undefined),
    CallStatus: state,
  })
  .transform(({ CallSid, CallStatus }) => ({ sid: CallSid, status: CallStatus ?? '' }));

/** What we read of an inbound text. */
export const inboundText = z.object({
  MessageSid: messageSid,
  From: field.pipe(z.string().min(1).max(50)),
  Body: optional.transform((text) => text ?? ''),
  /** Where Twilio itself keeps a list of who opted out, it has answered already. */
  OptOutType: optional,
});
export type InboundText = z.output<typeof inboundText>;

/** TwiML: what Twilio says back, if anything. */
export const twiml = z.string().meta({ id: 'TwiML', description: 'TwiML with a message, or with none' });

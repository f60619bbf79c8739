import { z } from 'zod';

/** A field of a form; of a repeated field, the first value. */
const field = z.preprocess((value) => (Array.isArray(value) ? value[0] : value), z.string());
/** A field that is not needed: an invalid value is ignored, and the other fields still count. */
const optional = field.optional().catch(undefined);

/** Twilio's sid of a message: `SM…`, or `MM…` with media. */
const messageSid = field.pipe(z.string().regex(/^[SM]M[0-9a-f]{32}$/i));
const knownSid = messageSid.optional().catch(undefined);
const state = optional.transform((text) => text?.trim().toLowerCase());

/** Query of a status callback: our own `attempt`, and any parameter that Twilio or a proxy adds. */
export const callbackQuery = z.object({ attempt: z.uuid().optional().catch(undefined) });

/**
 * Status callback of a text. Twilio may add fields and leave some empty. `MessageStatus` and `SmsStatus` have the same
 * meaning, and so do the two sids.
 */
export const statusCallback = z
  .object({
    MessageSid: knownSid,
    SmsSid: knownSid,
    MessageStatus: state,
    SmsStatus: state,
    /** Numeric error code, if a carrier or Twilio refused the message. */
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

/** Status callback of a call. */
export const callCallback = z
  .object({
    CallSid: field
      .pipe(z.string().regex(/^CA[0-9a-f]{32}$/i))
      .optional()
      .catch(undefined),
    CallStatus: state,
  })
  .transform(({ CallSid, CallStatus }) => ({ sid: CallSid, status: CallStatus ?? '' }));

/** An inbound text. */
export const inboundText = z.object({
  MessageSid: messageSid,
  From: field.pipe(z.string().min(1).max(50)),
  Body: optional.transform((text) => text ?? ''),
  /** Set if Twilio's Advanced Opt-Out has already answered the text. */
  OptOutType: optional,
});
export type InboundText = z.output<typeof inboundText>;

/** TwiML with the reply to a text, if there is one. */
export const twiml = z.string().meta({ id: 'TwiML', description: 'TwiML with a message, or with none' });

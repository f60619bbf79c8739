import { z } from 'zod';

/** Twilio's sid of a message: `SM…`, or `MM…` with media. */
const messageSid = z.string().regex(/^[SM]M[0-9a-f]{32}$/i);

/** What we read of a status callback; Twilio adds fields as it likes. */
export const statusCallback = z.object({
  MessageSid: messageSid,
  MessageStatus: z.string(),
  /** A number in digits, where a carrier or Twilio refused the message. */
  ErrorCode: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  To: z.string().max(50).optional(),
});
export type StatusCallback = z.output<typeof statusCallback>;

/** What we read of a call's status callback. */
export const callCallback = z.object({
  CallSid: z.string().regex(/^CA[0-9a-f]{32}$/i),
  CallStatus: z.string(),
});

/** What we read of an inbound text. */
export const inboundText = z.object({
  MessageSid: messageSid,
  From: z.string().min(1).max(50),
  Body: z.string().default(''),
  /** Where Twilio itself keeps a list of who opted out, it has answered already. */
  OptOutType: z.string().optional(),
});
export type InboundText = z.output<typeof inboundText>;

/** TwiML: what Twilio says back, if anything. */
export const twiml = z.string().meta({ id: 'TwiML', description: 'TwiML with a message, or with none' });

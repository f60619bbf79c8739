import { SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { createTransport } from 'nodemailer';
import { asciiAddress } from '../../../domain/values/email-address.ts';
import { outageFrom, parseRetryAfter, SendOutage } from './send-outage.ts';
import type { EmailMessage, Sender, SendResult } from './senders.ts';
import type { SendTimeouts } from './timeouts.ts';

export interface EmailSettings {
  region: string;
  /** Only the address differs from production: the outbox's, or nothing for SES itself. */
  endpoint?: string;
  /** `Name <address>` or a bare address. */
  from: string;
  /** The set whose event destination publishes bounces together with the attempt's tag. */
  configurationSet?: string;
  timeouts: SendTimeouts;
}

/** What is wrong with one mail and not with its address: the same words to another day's server may pass. */
export const contentRefusalCodes: ReadonlySet<string> = new Set(['MessageRejected']);

/**
 * SES uses two codes for several things, and only its sentences tell them apart: the mail or the address (a refusal),
 * or an identity that we have yet to verify, an account that is suspended or a quota (ours to mend).
 */
const messagePatterns = {
  ofAddress: /address blacklisted/i,
  ofOurs:
    /not verified|(?:sending|account) .{0,40}(?:suspended|paused)|daily message quota|'from'|\bsource\b/i,
} as const;

/** Codes about our account, our credentials or our configuration, as long as ops have not mended them. */
const ourFaults =
  /^(AccountSendingPaused|ConfigurationSet|MailFromDomainNotVerified|InvalidClientTokenId|MissingAuthenticationToken|SignatureDoesNotMatch|AccessDenied|UnrecognizedClient|ExpiredToken|IncompleteSignature|OptInRequired)/;

/**
 * Sends mail through SES, as MIME with a text and an html part. The attempt's id travels as the SES message tag
 * `attempt` (events carry it back) and in `Message-ID`. Credentials come from the AWS SDK's environment chain.
 */
export function createEmailSender(settings: EmailSettings): Sender<EmailMessage> {
  const { connectMs, requestMs } = settings.timeouts;
  const client = new SESClient({
    region: settings.region,
    ...(settings.endpoint && { endpoint: settings.endpoint }),
    maxAttempts: 1, // Temporal retries; two layers would multiply
    // without throwOnRequestTimeout the handler only warns and waits on
    requestHandler: { connectionTimeout: connectMs, requestTimeout: requestMs, throwOnRequestTimeout: true },
  });

  return {
    async send(message) {
      // SES knows ASCII alone; as it is typed an address is for people
      const to = asciiAddress(message.to);
      const mime = await composeMime(settings.from, { ...message, to });
      const command = new SendRawEmailCommand({
        Destinations: [to],
        RawMessage: { Data: mime },
        Tags: [{ Name: 'attempt', Value: message.attemptId }],
        ...(settings.configurationSet && { ConfigurationSetName: settings.configurationSet }),
      });
      try {
        const answer = await client.send(command);
        // an answer without it is not SES's: something between us and it has answered
        if (!answer.MessageId) throw new SendOutage('ses', 'no-message-id');
        return { status: 'sent', providerMessageId: answer.MessageId };
      } catch (thrown) {
        return sesRefusalOf(thrown);
      }
    },
  };
}

/** The finished MIME. SES puts its own `Message-ID` in place of ours; a plain relay would keep it. */
async function composeMime(from: string, message: EmailMessage): Promise<Uint8Array> {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
  const composed = await composer.sendMail({
    from,
    to: { name: '', address: message.to },
    subject: message.subject,
    text: message.text,
    html: message.html,
    messageId: `<${message.attemptId}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  if (!Buffer.isBuffer(composed.message)) throw new TypeError('the composer was asked for a buffer');
  return composed.message;
}

function sesRefusalOf(thrown: unknown): SendResult {
  if (!(thrown instanceof SESServiceException)) throw outageFrom('ses', thrown);
  const { name, message } = thrown;
  const isOurs = ourFaults.test(name) || messagePatterns.ofOurs.test(message);
  if (!isOurs && messagePatterns.ofAddress.test(message))
    return { status: 'refused', code: 'address-blacklisted' };
  if (!isOurs && (name === 'MessageRejected' || name === 'InvalidParameterValue'))
    return { status: 'refused', code: name };
  const pause = parseRetryAfter(thrown.$response?.headers['retry-after'], new Date());
  throw new SendOutage('ses', name, pause, isOurs);
}

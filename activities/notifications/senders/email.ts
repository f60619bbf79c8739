import { SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { createTransport } from 'nodemailer';
import { asciiAddress } from '../../../domain/values/email-address.ts';
import { outageFrom, parseRetryAfter, SendOutage } from './send-outage.ts';
import type { EmailMessage, Sender, SendResult } from './senders.ts';
import type { SendTimeouts } from './timeouts.ts';

export interface EmailSettings {
  region: string;
  /** An address in place of SES itself, such as that of the fake. */
  endpoint?: string;
  /** `Name <address>` or a bare address. */
  from: string;
  /** The configuration set whose event destination publishes bounces, together with the attempt's tag. */
  configurationSet?: string;
  timeouts: SendTimeouts;
}

/** Codes that refuse one mail and not its address: the same mail may pass on another day. */
export const contentRefusalCodes: ReadonlySet<string> = new Set(['MessageRejected']);

/**
 * Patterns of SES's messages. Two of its codes mean several things that only the message tells apart: a refusal of the
 * mail or the address, or an unverified identity, a suspended account or a quota, which ops can fix.
 */
const messagePatterns = {
  ofAddress: /address blacklisted/i,
  ofOurs:
    /not verified|(?:sending|account) .{0,40}(?:suspended|paused)|daily message quota|'from'|\bsource\b/i,
} as const;

/** Codes about our account, credentials or configuration, which ops can fix. */
const ourFaults =
  /^(AccountSendingPaused|ConfigurationSet|MailFromDomainNotVerified|InvalidClientTokenId|MissingAuthenticationToken|SignatureDoesNotMatch|AccessDenied|UnrecognizedClient|ExpiredToken|IncompleteSignature|OptInRequired)/;

/** Codes of the account's rate and of its quota for 24 hours, which `Throttling` both are, and of too many calls at once. */
const throttles: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'LimitExceededException',
]);

/**
 * Creates a sender for mail through SES, as MIME with a text and an HTML part. The attempt's id is sent as the SES
 * message tag `attempt`, which events carry back, and in `Message-ID`. Credentials come from the AWS SDK's environment.
 */
export function createEmailSender(settings: EmailSettings): Sender<EmailMessage> {
  const { connectMs, requestMs } = settings.timeouts;
  const client = new SESClient({
    region: settings.region,
    ...(settings.endpoint && { endpoint: settings.endpoint }),
    maxAttempts: 1, // Temporal retries; retries of both would multiply
    // without throwOnRequestTimeout the handler only warns and keeps waiting
    requestHandler: { connectionTimeout: connectMs, requestTimeout: requestMs, throwOnRequestTimeout: true },
  });

  return {
    async send(message) {
      // SES accepts ASCII only; the address is stored as it was typed
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
        // an answer without an id is not from SES but from something in between
        if (!answer.MessageId) throw new SendOutage('ses', 'no-message-id');
        return { status: 'sent', providerMessageId: answer.MessageId };
      } catch (thrown) {
        return sesRefusalOf(thrown);
      }
    },
  };
}

/** Composes the MIME message. SES replaces our `Message-ID` by its own; a plain SMTP server would keep it. */
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
  throw new SendOutage('ses', name, {
    retryAfterMs: pause,
    isOurFault: isOurs,
    isThrottle: throttles.has(name),
  });
}

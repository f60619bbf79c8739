import { verify, X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { fail } from '../http/problems.ts';
import { getFromSns, originOfSns, type SnsSettings } from './sns-client.ts';

const commonFields = {
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64(),
  SigningCertURL: z.url(),
};
const envelope = z.discriminatedUnion('Type', [
  z.object({
    ...commonFields,
    Type: z.literal('Notification'),
    Subject: z
      .string()
      .nullish()
      .transform((text) => text ?? undefined),
  }),
  z.object({
    ...commonFields,
    Type: z.enum(['SubscriptionConfirmation', 'UnsubscribeConfirmation']),
    SubscribeURL: z.url(),
    Token: z.string(),
  }),
]);

/** A message of SNS whose signature, topic and age are right. */
export type SnsMessage = z.output<typeof envelope>;

const subscriptionFields = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
/** What is signed, in the order in which SNS signs it; what a message lacks is left out. */
const signedFields: Readonly<Record<SnsMessage['Type'], readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: subscriptionFields,
  UnsubscribeConfirmation: subscriptionFields,
};
const digests = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;

/** The name that SNS gives its certificates; another path of its host is none. */
const certificatePath = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;
/** SNS signs with one certificate at a time; a few more bridge a change. */
const maxCachedCertificates = 5;

/**
 * Lets in only what SNS signed for our topic, not long ago. The certificate is fetched from the host of the topic's
 * own region alone, over https, and kept.
 * @returns a function from a body to its message, which throws a problem: `not-signed`, or `unavailable` while the
 * certificate cannot be had
 */
export function createSnsVerifier(settings: SnsSettings, { log, now }: { log: Logger; now: () => Date }) {
  const origin = originOfSns(settings);
  const certificates = new Map<string, Promise<X509Certificate>>();

  return async (body: string): Promise<SnsMessage> => {
    const message = envelope.safeParse(parseJson(body)).data ?? refuse('it is no message of SNS');
    if (message.TopicArn !== settings.topicArn) refuse('it is of another topic');
    if (now().getTime() - Date.parse(message.Timestamp) > settings.maxAgeMs) refuse('it is too old');
    const url = new URL(message.SigningCertURL);
    const isOfSns = url.origin === origin && certificatePath.test(url.pathname) && url.search === '';
    if (!isOfSns) refuse('its certificate lies elsewhere');
    const { publicKey, validTo } = await certificateAt(url.origin + url.pathname);
    if (now() > new Date(validTo)) refuse('its certificate has expired');
    const signature = Buffer.from(message.Signature, 'base64');
    const isSigned = verify(digests[message.SignatureVersion], textToSign(message), publicKey, signature);
    return isSigned ? message : refuse('its signature is wrong');
  };

  function refuse(why: string): never {
    log.warn({ why }, 'A message of SNS was refused.');
    return fail('not-signed', { detail: `The message was not taken: ${why}.` });
  }

  async function certificateAt(url: string): Promise<X509Certificate> {
    const known = certificates.get(url);
    if (known) return known;
    const fetched = getFromSns(url, log).then(certificateIn);
    certificates.set(url, fetched);
    for (const old of [...certificates.keys()].slice(0, -maxCachedCertificates)) certificates.delete(old);
    return fetched.catch((error: unknown) => {
      certificates.delete(url);
      throw error;
    });
  }

  function certificateIn(pem: string): X509Certificate {
    try {
      return new X509Certificate(pem);
    } catch {
      return refuse('its certificate is none');
    }
  }
}

function textToSign(message: SnsMessage): Buffer {
  const values: Readonly<Record<string, string | undefined>> = message;
  const lines = signedFields[message.Type].flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`${name}\n${value}\n`];
  });
  return Buffer.from(lines.join(''));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

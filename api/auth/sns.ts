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

/** A verified SNS message: signature, topic and age are valid. */
export type SnsMessage = z.output<typeof envelope>;

const subscriptionFields = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
/** Fields that SNS signs, in signing order. A field that a message lacks is skipped. */
const signedFields: Readonly<Record<SnsMessage['Type'], readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: subscriptionFields,
  UnsubscribeConfirmation: subscriptionFields,
};

/** Path of every SNS signing certificate. */
const certificatePath = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;
/** SNS signs with one certificate at a time; a few more cover a rotation. */
const maxCachedCertificates = 5;

/**
 * Creates the verifier of SNS messages. It accepts only recent messages that SNS signed for our topic. Certificates are
 * fetched over https from SNS in the topic's region only, and cached.
 * @returns a function from a request body to its message; it throws a problem of type `not-signed`, or `unavailable`
 * while the certificate cannot be fetched
 */
export function createSnsVerifier(settings: SnsSettings, { log, now }: { log: Logger; now: () => Date }) {
  const origin = originOfSns(settings);
  const certificates = new Map<string, Promise<X509Certificate>>();

  return async (body: string): Promise<SnsMessage> => {
    const message = envelope.safeParse(parseJson(body)).data ?? refuse('not an SNS message');
    if (message.TopicArn !== settings.topicArn) refuse('sent for another topic');
    // a topic signs so unless its SignatureVersion is 2 (docs/ops.md, What providers report)
    if (message.SignatureVersion === '1')
      refuse('signed with SHA-1: set the SignatureVersion of the topic to 2');
    if (now().getTime() - Date.parse(message.Timestamp) > settings.maxAgeMs) refuse('too old');
    const url = new URL(message.SigningCertURL);
    const isOfSns = url.origin === origin && certificatePath.test(url.pathname) && url.search === '';
    if (!isOfSns) refuse('signing certificate not hosted by SNS');
    const { publicKey, validTo } = await fetchCertificate(url.origin + url.pathname);
    if (now() > new Date(validTo)) refuse('signing certificate expired');
    const signature = Buffer.from(message.Signature, 'base64');
    const isSigned = verify('RSA-SHA256', textToSign(message), publicKey, signature);
    return isSigned ? message : refuse('wrong signature');
  };

  function refuse(why: string): never {
    log.warn({ why }, 'SNS message refused');
    return fail('not-signed', { detail: `The message was refused: ${why}.` });
  }

  async function fetchCertificate(url: string): Promise<X509Certificate> {
    const cached = certificates.get(url);
    if (cached) return cached;
    const fetched = getFromSns(url, log).then(parseCertificate);
    certificates.set(url, fetched);
    for (const old of [...certificates.keys()].slice(0, -maxCachedCertificates)) certificates.delete(old);
    return fetched.catch((error: unknown) => {
      certificates.delete(url);
      throw error;
    });
  }

  function parseCertificate(pem: string): X509Certificate {
    try {
      return new X509Certificate(pem);
    } catch {
      return refuse('unreadable signing certificate');
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

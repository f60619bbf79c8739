import { createSign, randomBytes, randomUUID } from 'node:crypto';
import express, { type Router } from 'express';
import { generate } from 'selfsigned';

/** Fakes an SNS topic: notifications are signed with a certificate that anybody may fetch. */
export interface Sns {
  topicArn: string;
  /** Builds the signed envelope of a notification. */
  envelope(notification: object): Promise<Record<string, string>>;
  /** Serves the certificate under a file name as SNS uses it. */
  router: Router;
}

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Creates a topic with its own key pair. The pair is generated on first use, because that takes a moment, and lasts as
 * long as the process. Another process has another certificate under another name, as after a rotation by SNS.
 * @param origin origin of the address of the certificate
 */
export function createSns(topicArn: string, origin: () => string): Sns {
  const file = `/SimpleNotificationService-${randomBytes(16).toString('hex')}.pem`;
  let keyPair: ReturnType<typeof generate> | undefined;
  const keys = () => {
    keyPair ??= generate([{ name: 'commonName', value: 'sns.mailbox.test' }], {
      algorithm: 'sha256',
      // valid for a verifier whose clock is a little behind
      notBeforeDate: new Date(Date.now() - dayMs),
      notAfterDate: new Date(Date.now() + 365 * dayMs),
    });
    return keyPair;
  };

  const router = express.Router();
  router.get(file, async (_request, response) => {
    response.type('application/x-pem-file').send((await keys()).cert);
  });
  return {
    topicArn,
    router,
    async envelope(notification) {
      const fields = {
        Type: 'Notification',
        MessageId: randomUUID(),
        TopicArn: topicArn,
        Subject: 'Amazon SES Email Event Notification',
        Message: JSON.stringify(notification),
        Timestamp: new Date().toISOString(),
      };
      const { private: key } = await keys();
      return {
        ...fields,
        SignatureVersion: '2',
        Signature: createSign('RSA-SHA256').update(textToSign(fields)).sign(key, 'base64'),
        SigningCertURL: origin() + file,
      };
    },
  };
}

/** Builds the text that SNS signs: the fields of the notification, sorted by name. */
function textToSign(fields: Record<string, string>): string {
  return Object.keys(fields)
    .toSorted()
    .map((name) => `${name}\n${fields[name]}\n`)
    .join('');
}

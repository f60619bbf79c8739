import { createSign, randomBytes, randomUUID } from 'node:crypto';
import express, { type Router } from 'express';
import { generate } from 'selfsigned';

/** What SNS does: it signs what is published to a topic with a certificate that anybody may fetch. */
export interface Sns {
  topicArn: string;
  /** The envelope of a notification, signed. */
  envelope(notification: object): Promise<Record<string, string>>;
  /** Serves the certificate under the name that SNS gives such files. */
  router: Router;
}

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * A topic with a key pair of its own. It is made when it is first asked for, because that takes a moment, and lives
 * as long as the process: another process has another certificate under another name, as after a change of SNS's.
 * @param origin where the certificate can be fetched
 */
export function createSns(topicArn: string, origin: () => string): Sns {
  const file = `/SimpleNotificationService-${randomBytes(16).toString('hex')}.pem`;
  let made: ReturnType<typeof generate> | undefined;
  const keys = () => {
    made ??= generate([{ name: 'commonName', value: 'sns.outbox.test' }], {
      algorithm: 'sha256',
      // a clock that is a little behind ours still takes it
      notBeforeDate: new Date(Date.now() - dayMs),
      notAfterDate: new Date(Date.now() + 365 * dayMs),
    });
    return made;
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

/** The fields of a notification that SNS signs, sorted by their names. */
function textToSign(fields: Record<string, string>): string {
  return Object.keys(fields)
    .toSorted()
    .map((name) => `${name}\n${fields[name]}\n`)
    .join('');
}

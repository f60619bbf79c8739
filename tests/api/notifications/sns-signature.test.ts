import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { originOfSns } from '../../../api/auth/sns-client.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import {
  bounceOf,
  type Fields,
  newCertificate,
  notification,
  postSns,
  publicUrl,
  sesMailEvent,
  signNotification,
  startSns,
  topicArn,
  twilioAuthToken,
} from './providers.ts';

const hour = 60 * 60_000;
let sns: Awaited<ReturnType<typeof startSns>>;
let api: ApiHarness;
let own: { key: string; certUrl: string };
let foreign: { key: string; certUrl: string };

beforeAll(async () => {
  sns = await startSns();
  const webhooks = { topicArn, snsOrigin: sns.origin, maxAgeMs: hour, twilioAuthToken };
  api = await openApiHarness({ publicUrl, webhooks });
  const [ours, theirs] = [await newCertificate(), await newCertificate()];
  own = { key: ours.key, certUrl: sns.serve(ours.cert) };
  foreign = { key: theirs.key, certUrl: sns.serve(theirs.cert) };
});
afterAll(async () => {
  await api.close();
  await sns.close();
});
beforeEach(() => {
  sns.requestedPaths.length = 0;
});

const anEvent = () => sesMailEvent('Bounce', { to: 'nobody@example.org' }, bounceOf('nobody@example.org'));
const processedReports = () => api.db.selectFrom('processedReports').select('messageId').execute();

/** Expects that a message is refused and nothing of it is stored. */
async function expectRefused(message: Fields | string): Promise<void> {
  const before = await processedReports();
  const answer = await postSns(api, message);
  expect([answer.status, problemNameOf(answer)]).toEqual([403, 'not-signed']);
  expect(await processedReports()).toEqual(before);
}

describe('a message that SNS signed', () => {
  test('is accepted', async () => {
    const message = notification(anEvent(), { Subject: 'Amazon SES Email Event Notification' });
    expect((await postSns(api, signNotification(message, own))).status).toBe(204);
    expect(await processedReports()).toContainEqual({ messageId: message['MessageId'] });
  });

  test('without a subject is signed without one', async () => {
    expect((await postSns(api, signNotification(notification(anEvent()), own))).status).toBe(204);
  });

  test('that comes more than once is accepted once', async () => {
    const message = signNotification(notification(anEvent()), own);
    const answers = await Promise.all([1, 2, 3].map(() => postSns(api, message)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    const same = (await processedReports()).filter(({ messageId }) => messageId === message['MessageId']);
    expect(same).toHaveLength(1);
  });

  test('about an event that we do not follow is accepted and ignored', async () => {
    for (const message of [sesMailEvent('Open', { to: 'a@example.org' }), 'Successfully validated SNS topic'])
      expect((await postSns(api, signNotification(notification(message), own))).status).toBe(204);
  });

  test('has its certificate fetched once', async () => {
    const fresh = await newCertificate();
    const certUrl = sns.serve(fresh.cert);
    for (let count = 1; count <= 3; count += 1)
      await postSns(api, signNotification(notification(anEvent()), { key: fresh.key, certUrl }));
    expect(sns.requestedPaths).toEqual([new URL(certUrl).pathname]);
  });

  test('is answered so that SNS repeats it while its certificate cannot be fetched', async () => {
    const fresh = await newCertificate();
    const path = `/SimpleNotificationService-${'a'.repeat(32)}.pem`;
    const message = signNotification(notification(anEvent()), { key: fresh.key, certUrl: sns.origin + path });
    const answer = await postSns(api, message);
    expect([answer.status, problemNameOf(answer)]).toEqual([503, 'unavailable']);
    expect(answer.headers.get('Retry-After')).toBe('20');
    sns.serve(fresh.cert, path);
    expect((await postSns(api, message)).status).toBe(204);
  });
});

describe('refused:', () => {
  test('a signature by another key', async () => {
    const { Signature } = signNotification(notification(anEvent()), foreign);
    await expectRefused({ ...signNotification(notification(anEvent()), own), Signature });
    await expectRefused(signNotification(notification(anEvent()), { ...own, key: foreign.key }));
  });

  test.each(['Message', 'MessageId', 'Subject', 'Timestamp', 'Type'])(
    'a message whose %s was changed after signing',
    async (name) => {
      const message = signNotification(notification(anEvent(), { Subject: 'Amazon SES' }), own);
      const changed = name === 'Timestamp' ? new Date(Date.now() - 1_000).toISOString() : `${message[name]} `;
      await expectRefused({ ...message, [name]: changed });
    },
  );

  test('a subject that was added or left out', async () => {
    await expectRefused({ ...signNotification(notification(anEvent()), own), Subject: 'Hello' });
    await expectRefused({
      ...signNotification(notification(anEvent(), { Subject: 'Hello' }), own),
      Subject: undefined,
    });
  });

  test.each([
    'Signature',
    'SignatureVersion',
    'SigningCertURL',
    'MessageId',
    'TopicArn',
    'Timestamp',
    'Type',
  ])('a message without %s', async (name) => {
    await expectRefused({ ...signNotification(notification(anEvent()), own), [name]: undefined });
  });

  test('a signature with SHA-1, version 1; the log says what to set', async () => {
    await expectRefused(signNotification(notification(anEvent()), { ...own, version: '1' }));
    expect(sns.requestedPaths).toEqual([]);
    expect(api.logged()).toContain('set the SignatureVersion of the topic to 2');
  });

  test('an unknown signature version', async () => {
    await expectRefused({ ...signNotification(notification(anEvent()), own), SignatureVersion: '3' });
  });

  test('another topic, although its message is signed', async () => {
    const TopicArn = 'arn:aws:sns:us-east-1:999999999999:ses-events';
    await expectRefused(signNotification(notification(anEvent(), { TopicArn }), own));
    expect(sns.requestedPaths).toEqual([]);
  });

  test('a message that is older than an hour', async () => {
    const at = (ms: number) => ({ Timestamp: new Date(Date.now() - ms).toISOString() });
    await expectRefused(signNotification(notification(anEvent(), at(hour + 1_000)), own));
    expect(
      (await postSns(api, signNotification(notification(anEvent(), at(hour - 5_000)), own))).status,
    ).toBe(204);
  });

  test('a certificate that has expired', async () => {
    const old = await newCertificate({ days: -1 });
    await expectRefused(
      signNotification(notification(anEvent()), { key: old.key, certUrl: sns.serve(old.cert) }),
    );
  });

  test('a file that is no certificate', async () => {
    await expectRefused(signNotification(notification(anEvent()), { ...own, certUrl: sns.serve('<html/>') }));
  });

  test.each([
    (url: string) => url.replace('127.0.0.1', 'localhost'),
    (url: string) => url.replace('http:', 'https:'),
    (url: string) => `${url}?of=mine`,
    (url: string) => url.replace('.pem', '.pem.txt'),
    (url: string) => url.replace('/Simple', '/elsewhere/Simple'),
    () => 'https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem',
    () => 'file:///etc/passwd',
  ])('a certificate at another address (%#), which is not even fetched', async (moved) => {
    await expectRefused(signNotification(notification(anEvent()), { ...own, certUrl: moved(own.certUrl) }));
    expect(sns.requestedPaths).toEqual([]);
  });

  test.each(['', 'null', '[]', '{"Type":"Notification"', '{"Type":"Notification"}', 'Type=Notification'])(
    'a body that is not a message: %j',
    async (body) => {
      await expectRefused(body);
    },
  );

  test('a body that is too large, before anything of it is read', async () => {
    const answer = await postSns(api, 'x'.repeat(100 * 1024 + 1));
    expect([answer.status, problemNameOf(answer)]).toEqual([413, 'too-large']);
  });
});

describe('a subscription', () => {
  const confirmation = (more: Fields = {}): Fields => {
    const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topicArn, Token: 'abc' });
    return notification('You have chosen to subscribe …', {
      Type: 'SubscriptionConfirmation',
      Token: 'abc',
      SubscribeURL: `${sns.origin}/?${query}`,
      ...more,
    });
  };

  test('of our topic is confirmed at the address that SNS names', async () => {
    const message = signNotification(confirmation(), own);
    expect((await postSns(api, message)).status).toBe(204);
    expect(sns.requestedPaths.filter((url) => url.startsWith('/?'))).toEqual([
      message['SubscribeURL']?.replace(sns.origin, ''),
    ]);
  });

  test.each([
    (url: string) => url.replace('127.0.0.1', 'localhost'),
    (url: string) => url.replace('ConfirmSubscription', 'Unsubscribe'),
    (url: string) => url.replace('ses-events', 'another-topic'),
  ])('is confirmed at no other address (%#)', async (moved) => {
    const message = confirmation({ SubscribeURL: moved(confirmation()['SubscribeURL'] ?? '') });
    await expectRefused(signNotification(message, own));
    expect(sns.requestedPaths.filter((url) => url.startsWith('/?'))).toEqual([]);
  });

  test('is not confirmed by an unsigned message', async () => {
    await expectRefused({ ...signNotification(confirmation(), own), Token: 'abd' });
    expect(sns.requestedPaths.filter((url) => url.startsWith('/?'))).toEqual([]);
  });

  test('that was ended is not renewed automatically, and the log says so', async () => {
    const message = signNotification(confirmation({ Type: 'UnsubscribeConfirmation' }), own);
    expect((await postSns(api, message)).status).toBe(204);
    expect(sns.requestedPaths.filter((url) => url.startsWith('/?'))).toEqual([]);
    expect(api.logged()).toContain('SES topic subscription ended');
  });
});

test('certificates are fetched from SNS in the topic’s region, over https', () => {
  const maxAgeMs = hour;
  expect(originOfSns({ topicArn, maxAgeMs })).toBe('https://sns.us-east-1.amazonaws.com');
  expect(
    originOfSns({ topicArn: topicArn.replace('aws:', 'aws-us-gov:').replace('east', 'gov-west'), maxAgeMs }),
  ).toBe('https://sns.us-gov-west-1.amazonaws.com');
  const inChina = 'arn:aws-cn:sns:cn-north-1:123456789012:ses-events';
  expect(originOfSns({ topicArn: inChina, maxAgeMs })).toBe('https://sns.cn-north-1.amazonaws.com.cn');
});

test('without a configured topic every message is refused', async () => {
  const closed = await openApiHarness({ publicUrl });
  const answer = await postSns(closed, signNotification(notification(anEvent()), own));
  expect([answer.status, problemNameOf(answer)]).toEqual([403, 'not-signed']);
  await closed.close();
});

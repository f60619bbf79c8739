import type { Logger } from 'pino';
import { fail } from '../http/problems.ts';

export interface SnsSettings {
  /** The one topic whose messages are taken. */
  topicArn: string;
  /** An address in place of SNS itself, as origin; without it SNS's own in the topic's region. */
  snsOrigin?: string;
  /** Older messages are refused, so that a recorded one is of no use for long. */
  maxAgeMs: number;
}

const fetchMs = 5_000;

/** Where SNS answers: in the region of the topic, unless an address stands in its place. */
export function originOfSns({ topicArn, snsOrigin }: SnsSettings): string {
  if (snsOrigin) return snsOrigin;
  const [, partition, , region] = topicArn.split(':');
  return `https://sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

/**
 * Confirms a subscription of our topic at the address that SNS gives for it, which lies with SNS or is not visited.
 * @throws a problem: `not-signed`, or `unavailable` while SNS cannot be reached
 */
export async function confirmSubscription(
  subscribeUrl: string,
  { settings, log }: { settings: SnsSettings; log: Logger },
): Promise<void> {
  const { origin, searchParams, href } = new URL(subscribeUrl);
  const isOurs =
    origin === originOfSns(settings) &&
    searchParams.get('Action') === 'ConfirmSubscription' &&
    searchParams.get('TopicArn') === settings.topicArn;
  if (!isOurs) fail('not-signed', { detail: 'The subscription would be confirmed elsewhere.' });
  await getFromSns(href, log);
}

/** @throws a problem of type `unavailable`, upon which SNS tries again */
export async function getFromSns(url: string, log: Logger): Promise<string> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchMs) });
    if (answer.ok) return await answer.text();
    log.warn({ status: answer.status }, 'SNS refused what it had named itself');
  } catch (error) {
    log.warn({ err: error }, 'SNS could not be asked');
  }
  return fail('unavailable', { retryAfter: 20 });
}

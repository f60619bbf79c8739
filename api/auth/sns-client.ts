import type { Logger } from 'pino';
import { fail } from '../http/problems.ts';

export interface SnsSettings {
  /** ARN of the only topic whose messages are accepted. */
  topicArn: string;
  /** Origin to use in place of SNS; default: SNS in the region of the topic. */
  snsOrigin?: string;
  /** Maximum age of a message, so that a recorded one cannot be replayed later. */
  maxAgeMs: number;
}

const fetchMs = 5_000;

/** Returns the origin of SNS: the configured one, or SNS in the region of the topic. */
export function originOfSns({ topicArn, snsOrigin }: SnsSettings): string {
  if (snsOrigin) return snsOrigin;
  const [, partition, , region] = topicArn.split(':');
  return `https://sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

/**
 * Confirms a subscription of our topic at the URL that SNS sent. A URL outside SNS or for another topic is refused.
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
  if (!isOurs) fail('not-signed', { detail: 'The confirmation URL is not that of our topic.' });
  await getFromSns(href, log);
}

/** Fetches a URL of SNS. @throws a problem of type `unavailable`, which makes SNS retry its message */
export async function getFromSns(url: string, log: Logger): Promise<string> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchMs) });
    if (response.ok) return await response.text();
    log.warn({ status: response.status }, 'SNS request failed');
  } catch (error) {
    log.warn({ err: error }, 'SNS unreachable');
  }
  return fail('unavailable', { retryAfter: 20 });
}

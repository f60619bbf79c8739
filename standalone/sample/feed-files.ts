import { openAsBlob } from 'node:fs';
import type { FeedKind } from '../../domain/onboarding/evidence.ts';

/** Upload order. Training completions come last, because they start the review, which needs the other evidence. */
const order: readonly FeedKind[] = [
  'registration-completions',
  'terminations',
  'licenses',
  'training-completions',
];

/**
 * Uploads the four feeds through the API, as a partner does.
 * @throws when a feed is refused
 */
export async function uploadFeeds(
  files: Readonly<Record<FeedKind, { path: string }>>,
  { apiUrl, feedsKey }: { apiUrl: string; feedsKey: string },
): Promise<void> {
  for (const kind of order) {
    const response = await fetch(new URL(`/v1/feeds/${kind}`, apiUrl), {
      method: 'PUT',
      headers: { authorization: `Bearer ${feedsKey}`, 'content-type': 'text/csv' },
      body: await openAsBlob(files[kind].path),
    });
    if (!response.ok)
      throw new Error(`The feed ${kind} was answered ${response.status}: ${await response.text()}`);
  }
}

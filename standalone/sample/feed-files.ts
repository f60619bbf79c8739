import { openAsBlob } from 'node:fs';
import type { FeedKind } from '../../domain/onboarding/evidence.ts';

/** Evidence first: whoever has completed training is reviewed on what the other feeds have brought by then. */
const order: readonly FeedKind[] = [
  'registration-completions',
  'terminations',
  'licenses',
  'training-completions',
];

/**
 * Uploads the four feeds, as a partner does.
 * @throws when one is refused
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

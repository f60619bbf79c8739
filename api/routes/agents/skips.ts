import type { SkipPeriod } from '../../../domain/matching/skips.ts';
import { beginSkip, endSkip, readSuggestedSkips } from '../../../store/agents/skips.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { type Suggestions, skipPath, suggestions } from '../../schemas/agents/skips.ts';

const currentSuggestions = {
  200: { description: 'What the agent skips, and could skip', schema: suggestions },
} as const;

/** Routes for the requests that an agent skips. */
export function skipRoutes({ db, now, settings: { policy } }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/me/suggestions',
      summary: 'Get the languages and areas that the agent skips, and those they could skip',
      responses: currentSuggestions,
      handle: async ({ caller }) => ({ status: 200, body: await readView(caller.npn) }),
    }),
    route({
      key: 'PUT /v1/me/skips/:kind/:value',
      summary: 'Skip the requests of a language or an area from now on',
      description:
        'Only what is suggested can be skipped: a language or an area of which the agent declined the last requests. Open ' +
        'offers stay open.',
      params: skipPath,
      responses: currentSuggestions,
      problems: ['not-allowed-now'],
      handle: async ({ params: skip, caller: { npn } }) => {
        const change = { npn, skip, at: now(), policy };
        const isSkipped = await db.transaction().execute((tx) => beginSkip(tx, change));
        if (!isSkipped)
          fail('not-allowed-now', { detail: 'You have not declined enough of these requests in a row.' });
        return { status: 200, body: await readView(npn) };
      },
    }),
    route({
      key: 'DELETE /v1/me/skips/:kind/:value',
      summary: 'Get the requests of a language or an area again, or decline a suggestion to skip them',
      description: 'They are suggested again only after as many further declines.',
      params: skipPath,
      responses: currentSuggestions,
      handle: async ({ params: skip, caller: { npn } }) => {
        await db.transaction().execute((tx) => endSkip(tx, { npn, skip, at: now(), policy }));
        return { status: 200, body: await readView(npn) };
      },
    }),
  ];

  async function readView(npn: string): Promise<Suggestions> {
    const found = await readSuggestedSkips(db, { npn, policy });
    return {
      suggestions: found.suggestions.map((skip) => ({ ...skip, declined: policy.suggestFilterAfter })),
      skips: found.skips.map(skipView),
    };
  }
}

/** Converts a skip to its view. */
export function skipView({ kind, value, from }: SkipPeriod): Suggestions['skips'][number] {
  return { kind, value, since: from.toISOString() };
}

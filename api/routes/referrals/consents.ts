import { z } from 'zod';
import type { ConsentKind } from '../../../domain/referrals/consumer-contact.ts';
import type { LanguageCode } from '../../../domain/values/languages.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { type ConsentDocument, findConsentDocument } from '../../../store/onboarding/terms.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { language } from '../../schemas/fields.ts';
import { consentText } from '../../schemas/onboarding/terms.ts';

export function consentRoutes({ db }: Deps): Route[] {
  return [
    words('intake', 'What a consumer agrees to before a request for help is taken'),
    words('texts', 'What a consumer may agree to so that we text; help does not depend on it'),
  ];

  function words<Kind extends ConsentKind>(kind: Kind, summary: string): Route {
    return route({
      key: `GET /v1/consents/${kind}`,
      summary,
      description: 'In the language asked for, or in English where it is not written in that one yet.',
      query: z.strictObject({ language: language.optional() }),
      responses: { 200: { description: 'The words', schema: consentText } },
      problems: ['not-found'],
      handle: async ({ query }) => {
        const consent = (await consentInForce(db, kind, query.language ?? 'en')) ?? fail('not-found');
        return { status: 200, body: consent, headers: { 'Cache-Control': 'no-cache' } };
      },
    });
  }
}

/** The words of a consent in force in a language, else in English, and which of the two it is. */
export async function consentInForce(
  tx: Tx,
  kind: ConsentKind,
  wanted: LanguageCode,
): Promise<(ConsentDocument & { language: LanguageCode }) | undefined> {
  const own = await findConsentDocument(tx, kind, wanted);
  if (own) return { ...own, language: wanted };
  const english = await findConsentDocument(tx, kind, 'en');
  return english && { ...english, language: 'en' };
}

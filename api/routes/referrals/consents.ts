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

/** Routes to read the texts of the consents in force. */
export function consentRoutes({ db }: Deps): Route[] {
  return [
    consentRoute('intake', 'Get the consent that a request for help needs'),
    consentRoute('texts', 'Get the optional consent to text messages'),
  ];

  function consentRoute<Kind extends ConsentKind>(kind: Kind, summary: string): Route {
    return route({
      key: `GET /v1/consents/${kind}`,
      summary,
      description: 'In the requested language, or in English if there is no translation.',
      query: z.strictObject({ language: language.optional() }),
      responses: { 200: { description: 'The consent in force', schema: consentText } },
      problems: ['not-found'],
      handle: async ({ query }) => {
        const consent = (await consentInForce(db, kind, query.language ?? 'en')) ?? fail('not-found');
        return { status: 200, body: consent, headers: { 'Cache-Control': 'no-cache' } };
      },
    });
  }
}

/** Finds the consent in force in a language, or in English if there is no translation. */
export async function consentInForce(
  tx: Tx,
  kind: ConsentKind,
  requested: LanguageCode,
): Promise<(ConsentDocument & { language: LanguageCode }) | undefined> {
  const translated = await findConsentDocument(tx, kind, requested);
  if (translated) return { ...translated, language: requested };
  const english = await findConsentDocument(tx, kind, 'en');
  return english && { ...english, language: 'en' };
}

import { z } from 'zod';
import { currentPlanYear } from '../../../store/onboarding/onboardings.ts';
import { acceptTerms, findTerms } from '../../../store/onboarding/terms.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { requestOrigin } from '../../http/requests/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import { onboardingResponse } from '../../schemas/onboarding/onboarding.ts';
import { terms, termsAcceptance, termsKind } from '../../schemas/onboarding/terms.ts';
import { readOnboardingView } from './onboarding-view.ts';

const params = z.strictObject({ kind: termsKind });

/** Routes to read and accept terms. */
export function termsRoutes({ db, now, settings: { policy } }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/terms/:kind',
      summary: 'Get the full text of the terms in force',
      params,
      responses: { 200: { description: 'The document', schema: terms } },
      handle: async ({ params: { kind } }) => {
        const document = (await findTerms(db, kind)) ?? fail('not-found');
        return { status: 200, body: { kind, ...document }, headers: { 'Cache-Control': 'no-cache' } };
      },
    }),
    route({
      key: 'POST /v1/me/terms/:kind/acceptance',
      summary: 'Accept the version of the terms in force',
      params,
      body: termsAcceptance,
      responses: {
        200: { description: 'Accepted; the onboarding after that', schema: onboardingResponse },
      },
      problems: ['terms-version'],
      handle: async ({ params: { kind }, body, caller, request }) => {
        const { npn, accountId } = caller;
        const at = now();
        return db.transaction().execute(async (tx) => {
          const document = (await findTerms(tx, kind)) ?? fail('not-found');
          const { version, sha256 } = document;
          if (version !== body.version) failVersion(version);
          await acceptTerms(tx, { npn, accountId, kind, version, sha256, at, ...requestOrigin(request) });
          const planYear = (await currentPlanYear(tx, npn)) ?? fail('not-found');
          return {
            status: 200,
            body: (await readOnboardingView(tx, { npn, planYear, at, policy })) ?? fail('not-found'),
          };
        });
      },
    }),
  ];
}

function failVersion(inForce: string): never {
  const detail = `The version in force is ${inForce}.`;
  return fail('terms-version', { errors: [{ pointer: '/version', code: 'not-in-force', detail }] });
}

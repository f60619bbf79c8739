import type { ZodOpenApiObject } from 'zod-openapi';
import { type Role, roles } from '../domain/accounts/roles.ts';
import { type AccountKind, type CallerKind, rolesOf } from './access.ts';
import type { ProblemType } from './http/problems.ts';

type SecuritySchemes = NonNullable<NonNullable<ZodOpenApiObject['components']>['securitySchemes']>;

/** Security scheme of each role: the same cookie, of a log-in with that role. */
const schemeOfRole: Readonly<Record<Role, string>> = {
  agent: 'agentSession',
  ops: 'opsSession',
  'ops-admin': 'opsAdminSession',
  auditor: 'auditorSession',
};

/** Security scheme of each kind of caller without a session. */
const schemeOfKind: Readonly<Record<Exclude<CallerKind, 'anyone' | 'visitor' | AccountKind>, string>> = {
  referral: 'referralToken',
  offer: 'offerToken',
  rest: 'hoursToken',
  'test-offer': 'testOfferToken',
  feeds: 'feedsKey',
  twilio: 'twilioSignature',
  sns: 'snsSignature',
};

/** Returns the security schemes of which a caller needs one; none for a route that is open to anyone. */
export function schemesOf(kind: CallerKind): string[] {
  if (kind === 'anyone' || kind === 'visitor') return [];
  return isAccountKind(kind) ? rolesOf[kind].map((role) => schemeOfRole[role]) : [schemeOfKind[kind]];
}

/** Recognizes kinds of callers who are logged in. */
export const isAccountKind = (kind: CallerKind): kind is AccountKind => Object.hasOwn(rolesOf, kind);

const problemsOfAccount: readonly ProblemType[] = [
  'not-authenticated',
  'forbidden',
  'account-changed',
  'terminated',
  'second-factor-missing',
  'generated-password',
];

/** Problem types of each kind of caller. */
export const problemsOfCaller: Readonly<Record<CallerKind, readonly ProblemType[]>> = {
  anyone: [],
  visitor: [],
  account: problemsOfAccount.filter((type) => type !== 'forbidden'),
  agent: problemsOfAccount,
  ops: problemsOfAccount,
  'ops-admin': problemsOfAccount,
  'ops-or-auditor': problemsOfAccount,
  referral: ['not-authenticated', 'not-found'],
  offer: ['not-authenticated', 'not-found', 'terminated'],
  rest: ['not-authenticated', 'not-found', 'terminated'],
  'test-offer': ['not-authenticated', 'not-found', 'terminated'],
  feeds: ['not-authenticated', 'forbidden'],
  twilio: ['not-signed', 'too-large'],
  sns: ['not-signed', 'too-large'],
};

/** Describes every security scheme. The session cookie is one scheme for each role, so that a route names those it admits. */
export function securitySchemes(cookieName: string): SecuritySchemes {
  const sessions = roles.map((role) => [
    schemeOfRole[role],
    {
      type: 'apiKey' as const,
      in: 'cookie' as const,
      name: cookieName,
      description: `Set by \`POST /v1/session\` for an account with the role \`${role}\``,
    },
  ]);
  return {
    ...Object.fromEntries(sessions),
    referralToken: { type: 'http', scheme: 'bearer', description: 'The token of the referral' },
    offerToken: { type: 'http', scheme: 'bearer', description: 'The token in the link of the offer' },
    testOfferToken: {
      type: 'http',
      scheme: 'bearer',
      description: 'The token in the link of the test offer',
    },
    hoursToken: {
      type: 'http',
      scheme: 'bearer',
      description: 'The token in the link of the question whether the hours hold',
    },
    feedsKey: { type: 'http', scheme: 'bearer', description: 'A key for this feed' },
    twilioSignature: {
      type: 'apiKey',
      in: 'header',
      name: 'X-Twilio-Signature',
      description: 'Twilio signs the address and the sorted fields with the auth token of the account',
    },
    snsSignature: {
      type: 'apiKey',
      in: 'header',
      name: 'x-amz-sns-topic-arn',
      description: 'SNS signs the message in the body with its certificate; the header itself is not read',
    },
  };
}

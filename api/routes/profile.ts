import { languageCodes } from '../../domain/languages.ts';
import { findPlace } from '../../store/places.ts';
import { changeProfile, knownStates, type ProfileRow, readProfile } from '../../store/profiles.ts';
import type { Deps } from '../deps.ts';
import { phoneFaults } from '../field-checks.ts';
import { parsePhone } from '../phone.ts';
import { fail } from '../problems.ts';
import { type Fault, type Route, route } from '../route.ts';
import {
  lockedFields,
  type Profile,
  type ProfileChange,
  profile,
  profileChange,
} from '../schemas/profile.ts';

export function profileRoutes(deps: Deps): Route[] {
  const { db, now } = deps;
  return [
    route({
      key: 'GET /v1/me/profile',
      summary: 'The agent’s profile',
      responses: { 200: { description: 'The profile', schema: profile } },
      handle: async ({ caller }) => ({ status: 200, body: viewOf(await ownProfile(caller.npn)) }),
    }),
    route({
      key: 'PATCH /v1/me/profile',
      summary: 'Change what is the agent’s own: languages, states, phone, contact preference, ZIP',
      description: 'Name and email come from the MLMS; a change to one of them is a failed field `locked`.',
      body: profileChange,
      locked: lockedFields,
      responses: { 200: { description: 'The profile as it is now', schema: profile } },
      check: async (fields, { caller }) => {
        const kept = await ownProfile(caller.npn);
        return [
          ...(fields.phone === undefined ? [] : await phoneFaults(deps, fields.phone)),
          ...unknownLanguages(fields.languages ?? [], kept),
          ...(await unknownStates(fields.states ?? [], kept)),
          ...(await unknownZip(fields.zip)),
        ];
      },
      handle: async ({ body, caller: { npn } }) => {
        await db
          .transaction()
          .execute((tx) => changeProfile(tx, { npn, changes: changesOf(body), at: now() }));
        return { status: 200, body: viewOf(await ownProfile(npn)) };
      },
    }),
  ];

  async function ownProfile(npn: string): Promise<ProfileRow> {
    return (await readProfile(db, npn)) ?? fail('not-found');
  }

  async function unknownStates(states: readonly string[], kept: ProfileRow): Promise<Fault[]> {
    if (states.length === 0) return [];
    const known = await knownStates(db);
    return states.flatMap((state, index) =>
      known.has(state) || kept.statesWanted.includes(state)
        ? []
        : [{ pointer: `/states/${index}`, code: 'unknown-state', detail: 'There is no such state.' }],
    );
  }

  async function unknownZip(zip: string | undefined): Promise<Fault[]> {
    if (zip === undefined || (await findPlace(db, zip))) return [];
    return [{ pointer: '/zip', code: 'unknown-zip', detail: 'We do not know this ZIP.' }];
  }
}

/** The feed knows more languages than the service asks in: one that it brought may stay. */
function unknownLanguages(languages: readonly string[], kept: ProfileRow): Fault[] {
  const known: readonly string[] = [...languageCodes, ...kept.languages];
  return languages.flatMap((code, index) =>
    known.includes(code)
      ? []
      : [
          {
            pointer: `/languages/${index}`,
            code: 'unknown-language',
            detail: 'We do not know this language.',
          },
        ],
  );
}

function changesOf({ states, languages, phone, contactPreference, zip }: ProfileChange) {
  return {
    ...(languages ? { languages: [...new Set(languages)] } : {}),
    ...(states ? { statesWanted: [...new Set(states)] } : {}),
    ...(phone ? { phone: parsePhone(phone) ?? fail('invalid-fields') } : {}),
    ...(contactPreference ? { contactPreference } : {}),
    ...(zip ? { zip } : {}),
  };
}

function viewOf({ statesWanted: states, ...row }: ProfileRow): Profile {
  return { ...row, states };
}

import type { Request } from 'express';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import { helpContacts } from '../../../domain/text/help-contacts.ts';
import { languageCodes } from '../../../domain/values/languages.ts';
import { readStateChoices } from '../../../store/agents/licenses.ts';
import { changeProfile, knownStates, type ProfileRow, readProfile } from '../../../store/agents/profiles.ts';
import { nearestPlace } from '../../../store/zip-codes.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import { type FieldFault, type Route, route } from '../../http/route.ts';
import {
  lockedFields,
  type Profile,
  type ProfileChange,
  profile,
  profileChange,
} from '../../schemas/agents/profile.ts';
import { createPhoneCheck, parsePhone } from './phone-check.ts';

export function profileRoutes(deps: Deps, limiter: RateLimiter): Route[] {
  const { db, now, settings } = deps;
  const phoneCheck = createPhoneCheck(deps);
  return [
    route({
      key: 'GET /v1/me/profile',
      summary: 'The agent’s profile, and which states he can choose',
      responses: { 200: { description: 'The profile', schema: profile } },
      handle: async ({ caller }) => ({ status: 200, body: await ownView(caller.npn) }),
    }),
    route({
      key: 'PATCH /v1/me/profile',
      summary: 'Change what is the agent’s own: languages, states, phone, contact preference, ZIP',
      description:
        'Name and email come from the MLMS; a change to one of them is a failed field `locked`. A state that cannot ' +
        'be chosen is a failed field with the reason as its code; one that the profile has already may stay.',
      body: profileChange,
      locked: lockedFields,
      responses: { 200: { description: 'The profile as it is now', schema: profile } },
      check: async (fields, { caller, request }) => {
        const kept = await ownProfile(caller.npn);
        return [
          ...(await wrongPhone(fields.phone, kept, request)),
          ...unknownLanguages(fields.languages ?? [], kept),
          ...(await wrongStates(fields.states ?? [], kept)),
          ...(await unknownZip(fields.zip)),
        ];
      },
      handle: async ({ body, request, caller: { npn } }) => {
        const phone = body.phone && {
          phone: parsePhone(body.phone) ?? fail('invalid-fields'),
          lineType: phoneCheck.foundLineType(request),
        };
        const change = { npn, changes: changesOf(body), at: now(), policy: settings.policy };
        await db.transaction().execute((tx) => changeProfile(tx, { ...change, ...(phone ? { phone } : {}) }));
        return { status: 200, body: await ownView(npn) };
      },
    }),
  ];

  async function ownProfile(npn: string): Promise<ProfileRow> {
    return (await readProfile(db, npn)) ?? fail('not-found');
  }

  async function ownView(npn: string): Promise<Profile> {
    const { statesWanted: states, syncedAt, ...row } = await ownProfile(npn);
    const choices = await readStateChoices(db, { npn, chosen: states, at: now() });
    return {
      ...row,
      states,
      availableStates: choices.map(({ state, because }) =>
        because ? { state, canChoose: false, because } : { state, canChoose: true },
      ),
      source: 'MLMS',
      syncedAt: syncedAt.toISOString(),
      changeAt: helpContacts.cmsPortal,
    };
  }

  /** Each new number costs a look-up and is sent a code: as many as codes that are asked for, and no more. */
  async function wrongPhone(
    typed: string | undefined,
    { npn, phone }: ProfileRow,
    request: Request,
  ): Promise<FieldFault[]> {
    if (typed === undefined) return [];
    if (parsePhone(typed) !== phone) await limiter.count('phoneCodesByAgent', npn);
    return phoneCheck.faults(typed, request);
  }

  /** A state that the profile has already may stay: the feed can have brought it, and its license can come back. */
  async function wrongStates(
    states: readonly string[],
    { npn, statesWanted }: ProfileRow,
  ): Promise<FieldFault[]> {
    const isAsked = (state: string) => !statesWanted.includes(state);
    if (!states.some(isAsked)) return [];
    const known = await knownStates(db);
    const choices = await readStateChoices(db, { npn, chosen: states, at: now() });
    const { stateObstacle } = sentencesIn('en');
    return states.flatMap((state, index): FieldFault[] => {
      if (!isAsked(state)) return [];
      const pointer = `/states/${index}`;
      if (!known.has(state)) return [{ pointer, code: 'unknown-state', detail: 'There is no such state.' }];
      const because = choices.find((choice) => choice.state === state)?.because;
      return because ? [{ pointer, code: because, detail: stateObstacle[because] }] : [];
    });
  }

  async function unknownZip(zip: string | undefined): Promise<FieldFault[]> {
    if (zip === undefined || (await nearestPlace(db, zip))) return [];
    return [{ pointer: '/zip', code: 'unknown-zip', detail: 'We do not know this ZIP.' }];
  }
}

/** The feed knows more languages than the service asks in: one that it brought may stay. */
function unknownLanguages(languages: readonly string[], kept: ProfileRow): FieldFault[] {
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

function changesOf({ states, languages, contactPreference, zip }: ProfileChange) {
  return {
    ...(languages ? { languages: [...new Set(languages)] } : {}),
    ...(states ? { statesWanted: [...new Set(states)] } : {}),
    ...(contactPreference ? { contactPreference } : {}),
    ...(zip ? { zip } : {}),
  };
}

import type { Request } from 'express';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import { helpContacts } from '../../../domain/text/help-contacts.ts';
import { languageCodes } from '../../../domain/values/languages.ts';
import { readStateChoices } from '../../../store/agents/licenses.ts';
import type { GivenPhone } from '../../../store/agents/phones.ts';
import { changeProfile, knownStates, type ProfileRow, readProfile } from '../../../store/agents/profiles.ts';
import type { Place } from '../../../store/zip-codes.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Checked, type FieldFault, joinChecks } from '../../http/requests/checked.ts';
import type { RateLimiter } from '../../http/requests/rate-limits.ts';
import { type Route, route } from '../../http/route.ts';
import {
  lockedFields,
  type Profile,
  type ProfileChange,
  profile,
  profileChange,
} from '../../schemas/agents/profile.ts';
import { checkAgentPhone } from './phone-check.ts';
import { checkAgentZip } from './zip-check.ts';

/** Routes to read and change the profile of the agent. */
export function profileRoutes(deps: Deps, limiter: RateLimiter, recordSecurity: SecurityLog): Route[] {
  const { db, keyring, now, settings } = deps;
  return [
    route({
      key: 'GET /v1/me/profile',
      summary: 'Get the agent’s profile and the states they can choose',
      responses: { 200: { description: 'The profile', schema: profile } },
      handle: async ({ caller }) => ({ status: 200, body: await readView(caller.npn) }),
    }),
    route({
      key: 'PATCH /v1/me/profile',
      summary: 'Change the agent’s languages, states, phone, contact preference, language of messages or ZIP',
      description:
        'Name and email address come from the MLMS; sending one of them is a failed field with the code `locked`. A ' +
        'state that cannot be chosen is a failed field with the reason as its code, unless the profile has it already. ' +
        'A body with `phone` needs a log-in or a confirmation within the last ten minutes (`CONFIRMATION_LASTS`).',
      body: profileChange,
      locked: lockedFields,
      responses: { 200: { description: 'The changed profile', schema: profile } },
      check: checkChange,
      handle: async ({ body, known: { phone, place }, caller: { npn, accountId }, request }) => {
        const changes = changesOf(body);
        const change = { npn, changes, place, phone, at: now(), policy: settings.policy };
        await recordSecurity.inTransaction(request, async (tx, record) => {
          const changed = await changeProfile(tx, keyring, change);
          if (changed.includes('phone')) await record({ kind: 'phone-changed', accountId });
        });
        return { status: 200, body: await readView(npn) };
      },
    }),
  ];

  async function requireProfile(npn: string): Promise<ProfileRow> {
    return (await readProfile(db, npn)) ?? fail('not-found');
  }

  async function readView(npn: string): Promise<Profile> {
    const { statesWanted: states, syncedAt, ...row } = await requireProfile(npn);
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

  async function checkChange(
    fields: Partial<ProfileChange>,
    { caller, request }: { caller: { npn: string }; request: Request },
  ): Promise<Checked<{ phone: GivenPhone | undefined; place: Place | undefined }>> {
    const stored = await requireProfile(caller.npn);
    const phone = await checkPhone(fields.phone, stored, request);
    const place = fields.zip === undefined ? { known: undefined } : await checkAgentZip(db, fields.zip);
    return joinChecks({ phone, place }, [
      ...languageFaults(fields.languages ?? [], stored),
      ...(await stateFaults(fields.states ?? [], stored)),
    ]);
  }

  /** Checks a phone. A new number counts as a sent code, because it costs a look-up and a text. */
  async function checkPhone(
    phone: string | undefined,
    stored: ProfileRow,
    request: Request,
  ): Promise<Checked<GivenPhone | undefined>> {
    if (phone === undefined) return { known: undefined };
    if (phone !== stored.phone) await limiter.count('phoneCodesByAgent', stored.npn, request.res);
    const checked = await checkAgentPhone(deps, phone);
    return 'known' in checked ? { known: { phone, lineType: checked.known } } : checked;
  }

  /** Checks added states. A state of the profile may stay: it may come from the feed, and its license can return. */
  async function stateFaults(
    states: readonly string[],
    { npn, statesWanted }: ProfileRow,
  ): Promise<FieldFault[]> {
    const isNew = (state: string) => !statesWanted.includes(state);
    if (!states.some(isNew)) return [];
    const known = await knownStates(db);
    const choices = await readStateChoices(db, { npn, chosen: states, at: now() });
    const { stateObstacle } = sentencesIn('en');
    return states.flatMap((state, index): FieldFault[] => {
      if (!isNew(state)) return [];
      const pointer = `/states/${index}`;
      if (!known.has(state)) return [{ pointer, code: 'unknown-state', detail: 'There is no such state.' }];
      const because = choices.find((choice) => choice.state === state)?.because;
      return because ? [{ pointer, code: because, detail: stateObstacle[because] }] : [];
    });
  }
}

/** Checks languages. A language of the profile may stay: the feed has more languages than consumers can choose. */
function languageFaults(languages: readonly string[], stored: ProfileRow): FieldFault[] {
  const known: readonly string[] = [...languageCodes, ...stored.languages];
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

function changesOf({ states, languages, contactPreference, messageLanguage, zip }: ProfileChange) {
  return {
    ...(languages ? { languages: [...new Set(languages)] } : {}),
    ...(states ? { statesWanted: [...new Set(states)] } : {}),
    ...(contactPreference ? { contactPreference } : {}),
    ...(messageLanguage ? { messageLanguage } : {}),
    ...(zip ? { zip } : {}),
  };
}

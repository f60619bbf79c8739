import { availabilityAt } from '../../../domain/agents/availability.ts';
import {
  type AvailabilityChangeContext,
  addAbsence,
  changeAvailability,
  readAvailability,
  removeAbsence,
  type StoredAvailability,
} from '../../../store/agents/availability.ts';
import { confirmHours, readRestOf } from '../../../store/agents/rests.ts';
import type { Tx } from '../../../store/database/connection.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import {
  type AvailabilityOverride,
  type AvailabilityView,
  absence,
  absenceDates,
  absencePath,
  availability,
  availabilityChange,
  availabilityOverride,
  weeklyHours,
} from '../../schemas/agents/availability.ts';
import { emptyBody } from '../../schemas/fields.ts';
import {
  absenceFaultsIn,
  absenceListFaultsIn,
  hoursFaultsIn,
  overrideFaultsIn,
} from './availability-check.ts';

const currentAvailability = {
  200: { description: 'The current availability', schema: availability },
} as const;

/** Routes for the availability of the agent. */
export function availabilityRoutes({ db, now, settings }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/me/availability',
      summary: 'Get the availability of the agent: settings and current state',
      responses: currentAvailability,
      handle: async ({ caller }) => ({ status: 200, body: await readView(caller.npn) }),
    }),
    route({
      key: 'PUT /v1/me/availability',
      summary: 'Change several availability settings at once',
      description:
        'Each given field replaces the stored one; omitted fields stay. Each setting also has a route of its own.',
      body: availabilityChange,
      responses: currentAvailability,
      check: async ({ hours, override, absences }, { caller }) => ({
        faults: [
          ...hoursFaultsIn(hours ?? {}, '/hours'),
          ...overrideFaultsIn(override?.until, now(), '/override'),
          ...(absences ? absenceListFaultsIn(absences, await readStored(caller.npn)) : []),
        ],
      }),
      handle: async ({ body: { override, ...body }, caller: { npn } }) => {
        const part = override === undefined ? {} : { override: override && toStoredOverride(override) };
        await change(npn, (tx, context) => changeAvailability(tx, context, { ...body, ...part }));
        return { status: 200, body: await readView(npn) };
      },
    }),
    route({
      key: 'PUT /v1/me/availability/hours',
      summary: 'Set the weekly hours, in the time zone of the agent’s ZIP',
      description:
        'Replaces all weekly hours. Without any hours the agent is always available. An `until` that is not after its ' +
        '`from` is on the next day. At a change of daylight saving time, a time that occurs twice means the first ' +
        'occurrence, and a time that is skipped means the instant of the change.',
      body: weeklyHours,
      responses: currentAvailability,
      check: async (hours) => ({ faults: hoursFaultsIn(hours) }),
      handle: async ({ body: hours, caller: { npn } }) => {
        await change(npn, (tx, context) => changeAvailability(tx, context, { hours }));
        return { status: 200, body: await readView(npn) };
      },
    }),
    route({
      key: 'PUT /v1/me/availability/override',
      summary: 'Set an override: available or unavailable, regardless of the weekly hours',
      description: 'The override ends at `until`, if given. An absence overrules it. Open offers stay open.',
      body: availabilityOverride,
      responses: currentAvailability,
      check: async ({ until }) => ({ faults: overrideFaultsIn(until, now()) }),
      handle: async ({ body, caller: { npn } }) => {
        await change(npn, (tx, context) =>
          changeAvailability(tx, context, { override: toStoredOverride(body) }),
        );
        return { status: 200, body: await readView(npn) };
      },
    }),
    route({
      key: 'POST /v1/me/availability/confirmation',
      summary: 'Say that the hours still hold, which ends a rest',
      description: 'Without a rest, and repeated, it changes nothing.',
      body: emptyBody,
      responses: currentAvailability,
      handle: async ({ caller: { npn } }) => {
        await change(npn, confirmHours);
        return { status: 200, body: await readView(npn) };
      },
    }),
    route({
      key: 'POST /v1/me/availability/absences',
      summary: 'Add an absence: dates on which the agent gets no offers',
      description: 'If an absence with the same dates exists, it is returned.',
      body: absenceDates,
      responses: { 201: { description: 'The absence, created now or earlier', schema: absence } },
      check: async (dates, { caller }) => ({ faults: absenceFaultsIn(dates, await readStored(caller.npn)) }),
      handle: async ({ body, caller: { npn } }) => {
        const id = await change(npn, (tx, context) => addAbsence(tx, context, body));
        return { status: 201, body: { id, ...body } };
      },
    }),
    route({
      key: 'DELETE /v1/me/availability/absences/:id',
      summary: 'Delete an absence, even one that has begun',
      params: absencePath,
      responses: { 204: { description: 'Deleted now or earlier' } },
      problems: ['not-found'],
      handle: async ({ params: { id }, caller: { npn } }) => {
        const isFound = await change(npn, (tx, context) => removeAbsence(tx, context, id));
        return isFound ? { status: 204 as const } : fail('not-found');
      },
    }),
  ];

  function change<T>(
    npn: string,
    work: (tx: Tx, context: AvailabilityChangeContext) => Promise<T>,
  ): Promise<T> {
    return db.transaction().execute((tx) => work(tx, { npn, at: now(), limits: settings.policy }));
  }

  async function readStored(npn: string): Promise<StoredAvailability & { now: Date }> {
    const at = now();
    return { ...((await readAvailability(db, { npn, at })) ?? fail('not-found')), now: at };
  }

  async function readView(npn: string): Promise<AvailabilityView> {
    const { now: at, ...stored } = await readStored(npn);
    const { override, hours, timeZone, absences } = stored;
    const { isAvailable, because, changesAt } = availabilityAt(at, stored);
    const rest = await readRestOf(db, npn);
    return {
      timeZone,
      hours: weeklyHours.required().parse(hours),
      override: override && { state: override.is, until: override.untilAt?.toISOString() ?? null },
      absences: [...absences],
      isAvailable,
      because,
      changesAt: changesAt?.toISOString() ?? null,
      resting: rest ? { since: rest.beganAt.toISOString(), unseenOffers: rest.unseenOffers } : null,
    };
  }
}

function toStoredOverride({ state, until }: AvailabilityOverride) {
  return state && { is: state, untilAt: until ? new Date(until) : null };
}

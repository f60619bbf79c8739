import { availabilityAt } from '../../../domain/agents/availability.ts';
import {
  type AvailabilityChangeContext,
  addAbsence,
  changeAvailability,
  readAvailability,
  removeAbsence,
  type StoredAvailability,
} from '../../../store/agents/availability.ts';
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
import {
  absenceFaultsIn,
  absenceListFaultsIn,
  hoursFaultsIn,
  overrideFaultsIn,
} from './availability-check.ts';

const currentAvailability = {
  200: { description: 'The availability as it is now', schema: availability },
} as const;

/** When an agent can be asked. */
export function availabilityRoutes({ db, now, settings }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/me/availability',
      summary: 'When the agent can be asked, and whether that is now',
      responses: currentAvailability,
      handle: async ({ caller }) => ({ status: 200, body: await ownView(caller.npn) }),
    }),
    route({
      key: 'PUT /v1/me/availability',
      summary: 'Change several parts of the availability at once',
      description:
        'What is given replaces what was there; what is left out stays. The parts have doors of their own, too.',
      body: availabilityChange,
      responses: currentAvailability,
      check: async ({ hours, override, absences }, { caller }) => [
        ...hoursFaultsIn(hours ?? {}, '/hours'),
        ...overrideFaultsIn(override?.until, now(), '/override'),
        ...absenceListFaultsIn(absences ?? [], await known(caller.npn)),
      ],
      handle: async ({ body: { override, ...body }, caller: { npn } }) => {
        const part = override === undefined ? {} : { override: override && overrideOf(override) };
        await change(npn, (tx, changing) => changeAvailability(tx, changing, { ...body, ...part }));
        return { status: 200, body: await ownView(npn) };
      },
    }),
    route({
      key: 'PUT /v1/me/availability/hours',
      summary: 'The weekly hours, on the clock of the agent’s ZIP',
      description:
        'They replace those there were. Without any the agent is always available. An end that is not after its ' +
        'beginning lies on the next day. On days on which the clock is changed, a time that comes twice is the first of ' +
        'the two, and one that is left out is the instant at which it is left out.',
      body: weeklyHours,
      responses: currentAvailability,
      check: async (hours) => hoursFaultsIn(hours),
      handle: async ({ body: hours, caller: { npn } }) => {
        await change(npn, (tx, changing) => changeAvailability(tx, changing, { hours }));
        return { status: 200, body: await ownView(npn) };
      },
    }),
    route({
      key: 'PUT /v1/me/availability/override',
      summary: 'Switch to available or not available, whatever the weekly hours say',
      description: 'It ends by itself where `until` says so. An absence is stronger. Running offers stay.',
      body: availabilityOverride,
      responses: currentAvailability,
      check: async ({ until }) => overrideFaultsIn(until, now()),
      handle: async ({ body, caller: { npn } }) => {
        await change(npn, (tx, changing) => changeAvailability(tx, changing, { override: overrideOf(body) }));
        return { status: 200, body: await ownView(npn) };
      },
    }),
    route({
      key: 'POST /v1/me/availability/absences',
      summary: 'Enter an absence: dates on which the agent is not asked',
      description: 'The same dates again are the absence that is there.',
      body: absenceDates,
      responses: { 201: { description: 'The absence, entered now or before', schema: absence } },
      check: async (dates, { caller }) => absenceFaultsIn(dates, await known(caller.npn)),
      handle: async ({ body, caller: { npn } }) => {
        const id = await change(npn, (tx, changing) => addAbsence(tx, changing, body));
        return { status: 201, body: { id, ...body } };
      },
    }),
    route({
      key: 'DELETE /v1/me/availability/absences/:id',
      summary: 'Take an absence back, also a running one',
      params: absencePath,
      responses: { 204: { description: 'Taken back, now or before' } },
      problems: ['not-found'],
      handle: async ({ params: { id }, caller: { npn } }) => {
        const isTheirs = await change(npn, (tx, changing) => removeAbsence(tx, changing, id));
        return isTheirs ? { status: 204 as const } : fail('not-found');
      },
    }),
  ];

  function change<T>(
    npn: string,
    deed: (tx: Tx, changing: AvailabilityChangeContext) => Promise<T>,
  ): Promise<T> {
    return db.transaction().execute((tx) => deed(tx, { npn, at: now(), limits: settings.policy }));
  }

  async function known(npn: string): Promise<StoredAvailability & { now: Date }> {
    const at = now();
    return { ...((await readAvailability(db, { npn, at })) ?? fail('not-found')), now: at };
  }

  async function ownView(npn: string): Promise<AvailabilityView> {
    const { now: at, ...setting } = await known(npn);
    const { override, hours, timeZone, absences } = setting;
    const { isAvailable, because, changesAt } = availabilityAt(at, setting);
    return {
      timeZone,
      hours: weeklyHours.required().parse(hours),
      override: override && { state: override.is, until: override.untilAt?.toISOString() ?? null },
      absences: [...absences],
      isAvailable,
      because,
      changesAt: changesAt?.toISOString() ?? null,
    };
  }
}

function overrideOf({ state, until }: AvailabilityOverride) {
  return state && { is: state, untilAt: until ? new Date(until) : null };
}

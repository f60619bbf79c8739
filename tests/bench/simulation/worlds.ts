import { numbered } from '../../../bench/simulation/generate-world.ts';
import { type Played, play } from '../../../bench/simulation/play.ts';
import { readNamedPolicy } from '../../../bench/simulation/policies.ts';
import type { World, WorldAgent, WorldRequest } from '../../../bench/simulation/world.ts';
import { fillDatabase, installVirtualClock } from '../../../bench/simulation/world-database.ts';
import { createDatabase } from '../../../runtime/database.ts';
import type { PlannedAnswer } from '../../../standalone/sample/cascade.ts';
import type { DB } from '../../../store/database/schema.ts';
import { neverStopping } from '../../harness/never-stopping.ts';
import { createTestDatabase } from '../../harness/servers/postgres.ts';

/** Midnight of a Monday in Phoenix, later than any test runs. */
const startsAt = new Date('2126-12-02T07:00:00Z');

/** The instant at which a clock in Phoenix shows a time on the first day. */
const at = (time: string): Date => new Date(`2126-12-02T${time}:00-07:00`);

export const phoenix = { lat: 33.4511, lon: -112.0771, timeZone: 'America/Phoenix' };

export function anAgent(npn: string, different: Partial<WorldAgent> = {}): WorldAgent {
  return {
    ...phoenix,
    npn,
    languages: ['en'],
    states: ['AZ'],
    hours: {},
    contactPreference: 'email-text',
    ...different,
  };
}

/** Requests from Phoenix at these times of the first day. */
export function requestsAt(...times: string[]): WorldRequest[] {
  return numbered(
    times.map((time, index) => ({
      ...phoenix,
      id: `00000000-0000-4000-a000-00000000000${index}`,
      at: at(time),
      zip: '85004',
      city: 'Phoenix',
      state: 'AZ',
      language: 'en',
      interpreter: false,
      isRural: false,
    })),
  );
}

const minute = 60_000;

/** What an agent does with each offer: answers so many minutes after the first message about it, or a later one, or never. */
export type Behavior = { minutes: number; as?: PlannedAnswer['as']; message?: number } | 'silent';

/** Builds a world of agents who treat every offer alike, call three minutes after they accept, and confirm their hours 20 minutes after a question. */
export function aWorld(
  agents: readonly (WorldAgent & { behavior: Behavior })[],
  requests: readonly WorldRequest[],
): World {
  const behaviors = new Map(agents.map(({ npn, behavior }) => [npn, behavior]));
  return {
    startsAt,
    agents,
    requests,
    people: {
      answer({ npn, messagesBefore }) {
        const behavior = behaviors.get(npn);
        if (!behavior || behavior === 'silent') return undefined;
        if (messagesBefore !== (behavior.message ?? 1) - 1) return undefined;
        return { afterMs: behavior.minutes * minute, as: behavior.as ?? 'accepted' };
      },
      callAfterMs: () => 3 * minute,
      confirmHoursAfterMs: () => 20 * minute,
    },
  };
}

/** Plays a world in a database of its own under a policy, such as "OFFER_WINDOW=10 minutes". */
export async function playUnder(policy: string, world: World): Promise<Played> {
  return playAndRead(policy, world, async (_url, played) => played);
}

/** The same, and reads something from that database afterwards. */
export async function playAndRead<Result>(
  policy: string,
  world: World,
  read: (url: string, played: Played) => Promise<Result>,
): Promise<Result> {
  const database = await createTestDatabase();
  // a simulation installs its clock
  const { ownerUrl: url } = database;
  const db = createDatabase<DB>(url, { poolSize: 1 });
  try {
    await fillDatabase(db, world);
    await installVirtualClock(db);
    return await read(
      url,
      await play(world, { url, policy: readNamedPolicy(policy, {}).policy, signal: neverStopping }),
    );
  } finally {
    await db.destroy();
    await database.drop();
  }
}

/** Minutes from each request to its acceptance, in the order of the requests; undefined: none. */
export function minutesToAcceptance({ requests }: Played): (number | undefined)[] {
  return requests.map(
    ({ request, acceptedAt }) => acceptedAt && (acceptedAt.getTime() - request.at.getTime()) / minute,
  );
}

import { pauseIntake, readIntakePauses, resumeIntake } from '../../../store/referrals/intake-pauses.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { intakePause, intakeResumption, intakeStatus } from '../../schemas/referrals/intake.ts';

const responses = {
  200: { description: 'The states that take no new requests now', schema: intakeStatus },
} as const;

/** Where new requests for help are taken. What is under way already goes on. */
export function opsIntakeRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/intake',
      summary: 'The states that take no new requests now',
      responses,
      handle: async () => {
        const body = await standing();
        return { status: 200 as const, body };
      },
    }),
    route({
      key: 'POST /v1/ops/intake/pause',
      summary: 'Take no new requests from a state until it is resumed',
      description:
        'Consumers there read the notice, or the number of the Call Center. A state that is paused already keeps its ' +
        'beginning and takes over the notice and the reason.',
      body: intakePause,
      responses,
      handle: async ({ body: { state, reason, notice = {} }, caller: { accountId } }) => {
        const pause = { state, reason, notice: givenNotices(notice), accountId, at: now() };
        await db.transaction().execute((tx) => pauseIntake(tx, pause));
        const body = await standing();
        return { status: 200, body };
      },
    }),
    route({
      key: 'POST /v1/ops/intake/resume',
      summary: 'Take requests from a state again',
      body: intakeResumption,
      responses,
      handle: async ({ body: { state, reason }, caller: { accountId } }) => {
        await resumeIntake(db, { state, reason, accountId, at: now() });
        const body = await standing();
        return { status: 200, body };
      },
    }),
  ];

  async function standing() {
    const paused = await readIntakePauses(db);
    return { paused: paused.map(({ pausedAt, ...rest }) => ({ ...rest, since: pausedAt.toISOString() })) };
  }
}

const givenNotices = ({ en, es }: { en?: string | undefined; es?: string | undefined }) => ({
  ...(en ? { en } : {}),
  ...(es ? { es } : {}),
});

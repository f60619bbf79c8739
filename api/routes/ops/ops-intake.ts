import { pauseIntake, readIntakePauses, resumeIntake } from '../../../store/referrals/intake-pauses.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { intakePause, intakeResumption, intakeStatus } from '../../schemas/referrals/intake.ts';

const responses = {
  200: { description: 'The states where intake is paused', schema: intakeStatus },
} as const;

/** Routes to pause and resume the intake of a state. Open requests continue. */
export function opsIntakeRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/intake',
      summary: 'List the states where intake is paused',
      responses,
      handle: async () => {
        const body = await readStatus();
        return { status: 200 as const, body };
      },
    }),
    route({
      key: 'POST /v1/ops/intake/pause',
      summary: 'Pause intake: refuse new requests from a state',
      description:
        'Consumers of the state see the notice, or by default the number of the Call Center. If the state is paused ' +
        'already, its start time stays, and the notice and the reason are replaced.',
      body: intakePause,
      responses,
      handle: async ({ body: { state, reason, notice = {} }, caller: { accountId } }) => {
        const pause = { state, reason, notice: definedNotices(notice), accountId, at: now() };
        await db.transaction().execute((tx) => pauseIntake(tx, pause));
        const body = await readStatus();
        return { status: 200, body };
      },
    }),
    route({
      key: 'POST /v1/ops/intake/resume',
      summary: 'Resume intake of a state',
      body: intakeResumption,
      responses,
      handle: async ({ body: { state, reason }, caller: { accountId } }) => {
        await resumeIntake(db, { state, reason, accountId, at: now() });
        const body = await readStatus();
        return { status: 200, body };
      },
    }),
  ];

  async function readStatus() {
    const paused = await readIntakePauses(db);
    return { paused: paused.map(({ pausedAt, ...rest }) => ({ ...rest, since: pausedAt.toISOString() })) };
  }
}

const definedNotices = ({ en, es }: { en?: string | undefined; es?: string | undefined }) => ({
  ...(en ? { en } : {}),
  ...(es ? { es } : {}),
});

import { join } from 'node:path';
import { type OpsRole, opsRoles } from '../../domain/accounts/roles.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
import { createHttpUser, type HttpUser } from '../demo/http-user.ts';
import {
  acceptAgentTerms,
  hasInvitationLink,
  invitationTokenIn,
  logIn,
  type NewAgent,
  signUp,
  untilStage,
} from '../demo/onboard-agent.ts';
import type { Announce } from '../progress.ts';
import type { Login } from '../run-file.ts';
import { readJson, writePrivateJson } from '../services/private-files.ts';
import { uploadFeeds } from './feed-files.ts';
import { generateFeeds } from './generate.ts';
import { type AccountTarget, openOpsAccount } from './ops-account.ts';
import { writePast } from './past.ts';
import { samplePeople, stuckPeople } from './sample-agents.ts';

/** The system that the sample data is loaded into. */
export interface SampleDataTarget {
  /** Data folder; the sample feeds are written to `sample/` in it. */
  dataDir: string;
  /** Address of the running API. */
  apiUrl: string;
  /** Environment of the parts, with `DATABASE_URL`, `FEEDS_KEY` and the others. */
  env: NodeJS.ProcessEnv;
  announce: Announce;
}

/** Loads the sample data into a fresh system. @returns the log-ins */
export type LoadSampleData = (target: SampleDataTarget) => Promise<readonly Login[]>;

/**
 * Loads the sample data the first time that a data folder is used. Continues a load that was interrupted.
 * @returns the sample log-ins, on later starts too
 */
export async function loadSampleDataOnce(
  load: LoadSampleData,
  target: SampleDataTarget,
): Promise<readonly Login[]> {
  const path = join(target.dataDir, 'logins.json');
  const known = readJson(path) as readonly Login[] | undefined;
  const logins = known ? await addSecondFactors(known, target.env) : await load(target);
  writePrivateJson(path, logins);
  return logins;
}

/** Gives accounts of an earlier version, which had a password alone, the second factor that they need now. */
function addSecondFactors(logins: readonly Login[], env: NodeJS.ProcessEnv): Promise<readonly Login[]> {
  return Promise.all(
    logins.map(async (login) =>
      isOpsRole(login.role) && login.totpSecret === undefined
        ? openOpsAccount(accountTarget(env), { ...login, role: login.role })
        : login,
    ),
  );
}

const isOpsRole = (role: string): role is OpsRole => opsRoles.some((one) => one === role);

function accountTarget(env: NodeJS.ProcessEnv): AccountTarget {
  return { databaseUrl: env['DATABASE_URL'] ?? '', linkSecret: env['LINK_SECRET'] ?? '' };
}

/** Passwords of the sample people by username. They are saved before use, so that an interrupted load can continue with them. */
function passwordsFor(dataDir: string, usernames: readonly string[]) {
  const path = join(dataDir, 'logins.draft.json');
  const known = readJson(path) as Record<string, string> | undefined;
  const passwords = known ?? Object.fromEntries(usernames.map((username) => [username, generatePassword()]));
  if (known === undefined) writePrivateJson(path, passwords);
  return { passwordOf: (username: string) => passwords[username] ?? '', isResumed: known !== undefined };
}

/** Number of random agents in the sample feeds. */
const otherAgents = 40;
const seed = 2027;

const usernames = [...samplePeople.onboarded.map(({ username }) => username), ...opsRoles];

/**
 * Writes the last 30 days of the sample data, the first time that a data folder is used and before a worker runs on it;
 * `SAMPLE_PAST=off` leaves them out.
 */
export async function writeSamplePastOnce({
  dataDir,
  env,
}: Pick<SampleDataTarget, 'dataDir' | 'env'>): Promise<void> {
  const { passwordOf, isResumed } = passwordsFor(dataDir, usernames);
  if (isResumed) return;
  await writePast({ env, directory: join(dataDir, 'sample'), seed, until: new Date(), passwordOf });
}

/** Whether the sample data begins with a past. @throws where the setting is neither on nor off */
export function hasSamplePast(env: NodeJS.ProcessEnv): boolean {
  const past = env['SAMPLE_PAST'] || 'on';
  if (!['on', 'off'].includes(past)) throw new Error(`SAMPLE_PAST must be on or off, not "${past}"`);
  return past === 'on';
}

/**
 * Loads the sample data of `npm start`: uploads four feeds through the API, then registers three of the invited agents
 * with the links in their mail and accepts the terms, unless the past has done so. The passwords are generated here; no password is in the code.
 */
export const loadSampleData: LoadSampleData = async ({ dataDir, apiUrl, env, announce }) => {
  const user = createHttpUser({
    apiUrl,
    mailboxUrl: `http://127.0.0.1:${env['OUTBOX_PORT'] ?? 3025}`,
    // on a busy machine a hundred workflows that start at once take a while
    timeoutMs: 180_000,
  });
  const { onboarded, invited } = samplePeople;
  const directory = join(dataDir, 'sample');
  const files = await generateFeeds({
    directory,
    seed,
    agents: otherAgents,
    named: [...onboarded, invited, ...(hasSamplePast(env) ? Object.values(stuckPeople) : [])],
  });
  await uploadFeeds(files, { apiUrl, feedsKey: env['FEEDS_KEY'] ?? '' });

  const { passwordOf, isResumed } = passwordsFor(dataDir, usernames);
  const logins: Login[] = [];
  for (const { email, username, phone, zip, contactPreference } of onboarded) {
    announce(`Registering ${username}`);
    const newcomer = { email, username, password: passwordOf(username), phone, zip, contactPreference };
    const cookie = (isResumed && (await findSession(user, newcomer))) || (await register(user, newcomer));
    await acceptAgentTerms(user, cookie);
    await untilStage(user, cookie, 'active');
    logins.push({ role: 'agent', username, password: newcomer.password });
  }
  for (const role of opsRoles) {
    const account = { role, username: role, password: passwordOf(role) };
    logins.push(await openOpsAccount(accountTarget(env), account));
  }
  return logins;
};

/** Logs in. @returns the session cookie; undefined if nobody has registered with that username yet */
async function findSession(user: HttpUser, { username, password }: NewAgent): Promise<string | undefined> {
  const { cookie } = await user.call('POST', 'session', { body: { username, password } });
  return cookie;
}

/** Registers with the newest invitation link and logs in. @returns the session cookie */
async function register(user: HttpUser, newcomer: NewAgent): Promise<string> {
  await signUp(user, newcomer, invitationTokenIn(await user.message(newcomer.email, hasInvitationLink)));
  return logIn(user, newcomer);
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  type CallOptions,
  createHttpUser,
  type HttpUser,
} from '../../standalone/demo/http-user.ts';
import {
  acceptAgentTerms,
  invitationTokenIn,
  logIn,
  signUp,
  untilStage,
} from '../../standalone/demo/onboard-agent.ts';
import { uploadFeeds } from '../../standalone/sample/feed-files.ts';
import { generateFeeds } from '../../standalone/sample/generate.ts';
import type { SamplePerson } from '../../standalone/sample/sample-agents.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
import type { OutageEnvironment } from './environment.ts';

/** An agent at work, with the cookie of their session. */
export type WorkingAgent = SamplePerson & { cookie: string };

/** A request for help, as its consumer knows it. */
export interface Request {
  id: string;
  token: string;
}

/** An offer in an agent's inbox. */
export interface InboxOffer {
  id: string;
  referralId: string;
}

const patienceMs = 150_000;

/**
 * People who repeat what was not answered, as people do: the same request with the same key, until there is an answer
 * below 500.
 */
export function createPeople(environment: OutageEnvironment) {
  const user = createHttpUser({ ...environment, timeoutMs: patienceMs });
  const named: SamplePerson[] = [];

  async function persist<T>(method: string, path: string, options: CallOptions): Promise<Answer<T>> {
    let last = 'nothing';
    const answered = user.until(`an answer to ${method} ${path}`, async () => {
      try {
        const answer = await user.call<T>(method, path, options);
        if (answer.status < 500 && answer.status !== 429) return answer;
        last = `${answer.status} ${JSON.stringify(answer.body)}`;
      } catch (error) {
        last = String(error);
      }
      await sleep(500);
      return undefined;
    });
    return answered.catch((error: Error) => {
      throw new Error(`${error.message} The last was ${last}`);
    });
  }

  /** Adds agents to the feeds, which are snapshots of everybody, and uploads them until they are taken. */
  async function addToFeeds(people: readonly SamplePerson[]): Promise<void> {
    named.push(...people);
    const files = await generateFeeds({ directory: environment.folder, seed: 1, agents: 0, named });
    await user.until('the feeds to be taken', async () => {
      try {
        await uploadFeeds(files, environment);
        return true;
      } catch {
        await sleep(1_000);
        return undefined;
      }
    });
  }

  async function register(person: SamplePerson): Promise<WorkingAgent> {
    const { email, username, phone, zip, contactPreference } = person;
    const newcomer = { email, username, password: generatePassword(), phone, zip, contactPreference };
    await signUp(user, newcomer, invitationTokenIn(await invitationOf(user, email)));
    const cookie = await logIn(user, newcomer);
    await acceptAgentTerms(user, cookie);
    await untilStage(user, cookie, 'active');
    return { ...person, cookie };
  }

  return {
    user,
    persist,
    addToFeeds,
    register,
    untilInvited: (person: SamplePerson) => invitationOf(user, person.email),

    /** Asks for help, with one key however often it has to be sent. */
    async ask(): Promise<Request> {
      const { body: consent } = await persist<{ version: string }>('GET', 'consents/intake?language=en', {});
      const { body, status } = await persist<Request>('POST', 'referrals', {
        headers: { 'idempotency-key': randomUUID() },
        body: {
          name: 'Alma Reyes',
          email: `${randomUUID()}@example.org`,
          zip: '85004',
          language: 'en',
          coverageYear: new Date().getFullYear() + 1,
          need: 'new-coverage',
          adult: true,
          consent: { version: consent.version },
        },
      });
      if (status !== 201) throw new Error(`A request for help was answered ${status}`);
      return body;
    },

    /** Reads the open offers of an agent; none while nothing answers. */
    async offersOf({ cookie }: WorkingAgent): Promise<InboxOffer[]> {
      const answer = await user
        .call<{ offers?: InboxOffer[] }>('GET', 'me/offers', { cookie })
        .catch(() => undefined);
      return answer?.body.offers ?? [];
    },
  };
}

export type People = ReturnType<typeof createPeople>;

function invitationOf(user: HttpUser, email: string) {
  return user.message(email, ({ text }) => /\/register#/.test(text));
}

/** Creates agents of Arizona with numbers of their own. */
export function createAgents(count: number, first: number): SamplePerson[] {
  return Array.from({ length: count }, (_, index) => ({
    npn: `${40_000_000 + first + index}`,
    firstName: 'Agent',
    lastName: `Number${first + index}`,
    email: `agent.${first + index}@example.com`,
    username: `agent.${first + index}`,
    // one plan year each, so that each is invited once
    newToMarketplace: true,
    languages: ['English'],
    states: ['AZ'],
    phone: `+1602555${1000 + first + index}`,
    zip: '85004',
    contactPreference: 'email',
  }));
}

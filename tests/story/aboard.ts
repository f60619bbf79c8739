import {
  acceptAgentTerms,
  logIn,
  newPassword,
  signUp,
  tokenIn,
  untilStage,
} from '../../standalone/coming-aboard.ts';
import { uploadFeeds } from '../../standalone/feed-files.ts';
import { generateFeeds } from '../../standalone/sample/generate.ts';
import { samplePeople } from '../../standalone/sample-agents.ts';
import type { Stack } from '../support/stack.ts';

/** An agent who is aboard, as his browser knows him. */
export interface Aboard {
  npn: string;
  email: string;
  cookie: string;
}

/** Uploads feeds that name these people alone. */
export async function feed(stack: Stack): Promise<void> {
  const { aboard, invited } = samplePeople;
  const files = await generateFeeds({
    directory: stack.folder,
    seed: 1,
    agents: 0,
    named: [...aboard, invited],
  });
  await uploadFeeds(files, stack);
}

/** The three sample agents come aboard: link, registration, log-in, second terms, active. */
export async function bringAboard(stack: Stack): Promise<Aboard[]> {
  await feed(stack);
  return Promise.all(
    samplePeople.aboard.map(async ({ npn, email, username, phone, zip, contactPreference }) => {
      const newcomer = { email, username, password: newPassword(), phone, zip, contactPreference };
      await signUp(stack.visitor, newcomer, tokenIn(await stack.visitor.message(email)));
      const cookie = await logIn(stack.visitor, newcomer);
      await acceptAgentTerms(stack.visitor, cookie);
      await untilStage(stack.visitor, cookie, 'active');
      return { npn, email, cookie };
    }),
  );
}

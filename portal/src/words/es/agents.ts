import type { words as english } from '../en/agents.ts';
import { account } from './account.ts';
import { app } from './app.ts';
import { draft } from './draft.ts';
import { everyPage } from './every-page.ts';
import { inbox } from './inbox.ts';
import { logIn, logInHelp } from './log-in.ts';
import { notes } from './notes.ts';
import { onboarding } from './onboarding.ts';
import { passwords } from './passwords.ts';
import { phone } from './phone.ts';
import { profile } from './profile.ts';
import { record } from './record.ts';
import { register } from './register.ts';
import { security } from './security.ts';
import { skips } from './skips.ts';

/** Words of the pages for agents. Those of the operations team are only in English. */
export const words: Omit<typeof english, 'ops'> = {
  ...everyPage,
  account,
  app,
  draft,
  record,
  register,
  logIn,
  logInHelp,
  passwords,
  profile,
  onboarding,
  phone,
  inbox,
  notes,
  security,
  skips,
};

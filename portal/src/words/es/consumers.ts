import type { words as english } from '../en/consumers.ts';
import { everyPage } from './every-page.ts';
import { help } from './help.ts';
import { howLong } from './how-long.ts';
import { status } from './status.ts';

/** The same in Spanish. A missing entry does not compile. */
export const words: typeof english = { ...everyPage, help, howLong, status };

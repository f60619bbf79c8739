import { everyPage } from './every-page.ts';
import { help } from './help.ts';
import { howLong } from './how-long.ts';
import { status } from './status.ts';

/** Words of the pages for consumers. */
export const words = { ...everyPage, help, howLong, status };

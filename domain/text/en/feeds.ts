import type { Sentences } from '../types.ts';

type FeedPart = Pick<Sentences, 'feedImportState' | 'feedRefusal'>;

/** What ops read of the files that feeds bring. */
export const feedSentences: FeedPart = {
  feedImportState: {
    'under-way': 'Under way',
    imported: 'Taken in',
    refused: 'Refused; nothing has changed',
    interrupted: 'Interrupted; nothing has changed',
  },
  feedRefusal: {
    'feed-header-differs': 'The first line of the file does not name the columns of this feed.',
    'feed-truncated': 'The file is not complete.',
    'feed-mostly-bad': 'Too many rows of the file cannot be read: its format seems to have changed.',
    'feed-removes-too-much': 'The file would remove more rows than one release may.',
    'feed-holds-ssn': 'The file seems to hold Social Security Numbers. Nothing of it was kept.',
  },
};

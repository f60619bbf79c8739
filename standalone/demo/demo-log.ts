import pg from 'pg';
import { eventSentence, sentencesIn } from '../../domain/text/catalog.ts';
import type { HttpUser } from './http-user.ts';

interface EventRow {
  subjectKind: 'onboarding' | 'referral';
  subjectId: string;
  sequence: number;
  kind: string;
  at: Date;
  data: unknown;
}

/**
 * Prints every event as it is committed, in the words of the sentence catalog, and every message as it arrives in
 * the mailbox.
 */
export function printDemoLog({
  databaseUrl,
  user,
  write,
}: {
  databaseUrl: string;
  user: HttpUser;
  write: (text: string) => unknown;
}): { stop: () => Promise<void> } {
  const client = new pg.Client({ connectionString: databaseUrl });
  // when Postgres ends, the next read fails, which is handled there
  client.on('error', () => undefined);
  const words = sentencesIn('en');
  const printed = new Set<string>();
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const writeLine = (at: Date, mark: string, text: string) =>
    write(`${at.toLocaleTimeString('en-US', { hour12: false })}  ${mark.padEnd(10)} ${text}\n`);

  const printOnce = (id: string, print: () => void) => {
    if (printed.has(id)) return;
    printed.add(id);
    print();
  };

  const printNew = async () => {
    const { rows } = await client.query<EventRow>(
      `select subject_kind as "subjectKind", subject_id as "subjectId", sequence, kind, at, data
       from events order by at, subject_id, sequence`,
    );
    for (const { subjectKind: subject, subjectId, sequence, kind, at, data } of rows) {
      printOnce(`${subject} ${subjectId} ${sequence}`, () =>
        writeLine(
          at,
          subject,
          `${subject === 'onboarding' ? `${subjectId}: ` : ''}${eventSentence(words, { subject, kind, data }, { now: at, timeZone, hideZone: true })}`,
        ),
      );
    }
    for (const { id, at, channel, to, subject, text } of (await user.messages()).toReversed()) {
      printOnce(id, () => writeLine(new Date(at), channel, `${to}  "${subject ?? text.split('\n')[0]}"`));
    }
  };

  // reads run one after another; events that arrive during a read are printed by the next one
  let printing: Promise<void> = client.connect().then(async () => {
    await client.query('listen events');
  });
  const printSoon = () => {
    printing = printing.then(printNew).catch(() => undefined);
  };
  client.on('notification', printSoon);
  const timer = setInterval(printSoon, 300);
  return {
    async stop() {
      clearInterval(timer);
      printSoon();
      await printing;
      await client.end();
    },
  };
}

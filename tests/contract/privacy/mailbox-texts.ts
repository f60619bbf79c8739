import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../../harness/stack.ts';
import { findMarks, type MarkFinding, type StoredText } from './marks.ts';

/** A message as a file of the mailbox or its page has it. */
interface StoredMessage extends StoredText {
  to: string;
}

/** Reads what the fakes of providers keep in their folder, line by line, and what the mailbox's page shows. */
export async function readMailbox({
  folder,
  mailboxUrl,
}: Pick<Stack, 'folder' | 'mailboxUrl'>): Promise<{ messages: StoredMessage[]; others: StoredText[] }> {
  const outbox = join(folder, 'outbox');
  const lines = readdirSync(outbox).flatMap((name) =>
    readFileSync(join(outbox, name), 'utf8')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => ({ where: name, text })),
  );
  const page = (await (await fetch(`${mailboxUrl}/page/messages`)).json()) as { messages: { to: string }[] };
  const isMessage = ({ where }: StoredText) => where === 'messages.jsonl';
  return {
    messages: [
      ...lines.filter(isMessage).flatMap(({ where, text }) => {
        // null: a message that was removed
        const [, message] = JSON.parse(text) as [string, { to: string } | null];
        return message ? [messageIn(where, message, text)] : [];
      }),
      ...page.messages.map((message) => messageIn('the page', message, JSON.stringify(message))),
    ],
    others: lines.filter((line) => !isMessage(line)),
  };
}

const messageIn = (file: string, { to }: { to: string }, text: string): StoredMessage => ({
  where: `a message to ${to} in ${file}`,
  text,
  to,
});

/** Whom messages reach at which addresses and devices, and what identifies them. */
interface Receiver {
  reachedAt: readonly string[];
  marks: readonly string[];
}

/** Finds in each message what identifies somebody whom it is not for. */
export function findMarksOfOthers(
  messages: readonly StoredMessage[],
  people: readonly Receiver[],
): MarkFinding[] {
  return messages.flatMap((message) => {
    const others = people.filter(({ reachedAt }) => !reachedAt.includes(message.to));
    return findMarks(
      others.flatMap(({ marks }) => marks),
      [message],
    );
  });
}

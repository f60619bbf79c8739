import { Client } from 'pg';
import type { DatabaseLimits } from '../domain/time-limits.ts';
import { createStatementNames } from './prepared-statements.ts';

/** What a connection limits; waiting for the connection itself is the pool's business. */
type ConnectionLimits = Omit<DatabaseLimits, 'waitMs'>;

/** Milliseconds beyond a statement's limit after which Postgres itself does not answer. */
const answerMarginMs = 2_000;

/**
 * Makes the class of a pool's connections.
 *
 * A transaction sets its limits in the same message as its `begin`, which costs no round trip and passes through a pooler
 * that gives each transaction another connection: PgBouncer refuses limits as startup parameters, and a `set` outside a
 * transaction would stay on a connection that others use. A statement outside a transaction that may write gets one of
 * its own, two round trips more, because it can wait for a lock. One that only reads waits for no row and goes as it is.
 * A connection that gives no answer is closed, as is one whose network is silent.
 *
 * What a connection is asked often it prepares (`prepared-statements.ts`).
 */
export function limitedClient(limits: ConnectionLimits): typeof Client {
  const setLimits = `; ${setLocal(limits)}`;
  return class LimitedClient extends Client {
    #isInTransaction = false;
    readonly #names = createStatementNames();

    override query: Client['query'] = (...asked: unknown[]) => {
      const [text] = asked;
      // a callback would be called before the commit
      const hasCallback = typeof asked.at(-1) === 'function';
      if (!this.#isInTransaction && !hasCallback && mayWrite(text))
        return this.#inTransaction(asked) as never;
      if (isBegin(text)) this.#isInTransaction = true;
      if (isEnd(text)) this.#isInTransaction = false;
      return this.#ask(isBegin(text) ? [text + setLimits, ...asked.slice(1)] : asked) as never;
    };

    async #inTransaction(asked: unknown[]): Promise<unknown> {
      await this.#ask([`begin${setLimits}`]);
      try {
        const answer = await this.#ask(asked);
        await this.#ask(['commit']);
        return answer;
      } catch (error) {
        // the connection may be gone, and the first error says more
        await Promise.resolve(this.#ask(['rollback'])).catch(() => undefined);
        throw error;
      }
    }

    #ask(asked: unknown[]): unknown {
      const [text, values, ...rest] = asked;
      // `begin` and what is sent with it has no values, and is several statements
      const isOne = typeof text === 'string' && Array.isArray(values);
      const name = isOne ? this.#names.nameOf(text) : undefined;
      const sent = name === undefined ? asked : [{ name, text, values }, ...rest];
      const answer = (super.query as (...all: unknown[]) => unknown).apply(this, sent);
      if (!(answer instanceof Promise)) return answer;
      closeIfSilent(this, answer, limits.statementMs + answerMarginMs);
      if (isOne) this.#time(text, answer);
      return answer;
    }

    #time(text: string, answer: Promise<unknown>): void {
      const sentAt = performance.now();
      const note = () => this.#names.took(text, performance.now() - sentAt);
      answer.then(note, note);
    }
  };
}

/** Statements that limit the transaction they run in. */
function setLocal({ lockMs, statementMs, idleMs, transactionMs }: ConnectionLimits): string {
  return [
    `set local lock_timeout = ${lockMs}`,
    `set local statement_timeout = ${statementMs}`,
    `set local idle_in_transaction_session_timeout = ${idleMs}`,
    `set local transaction_timeout = ${transactionMs}`,
  ].join('; ');
}

const isBegin = (text: unknown): text is string =>
  typeof text === 'string' && /^(begin|start transaction\b)/.test(text);

const isEnd = (text: unknown) => typeof text === 'string' && /^(commit|rollback)$/.test(text);

/** Returns whether a statement has a word of those that write or lock; one that only names such a word loses two round trips. */
const mayWrite = (text: unknown) =>
  typeof text === 'string' && /\b(insert into|update|delete from|lease_messages)\b/i.test(text);

/** Closes a connection that gives no answer, which fails the query; the pool then opens another one. */
function closeIfSilent(client: Client, answer: Promise<unknown>, withinMs: number): void {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
  const timer = setTimeout(() => stream.destroy(), withinMs);
  const stop = () => clearTimeout(timer);
  answer.then(stop, stop);
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { MigrationBuilder } from 'node-pg-migrate';

/**
 * Line of a migration that runs outside a transaction, statement by statement, as `create index concurrently` has
 * to. Interrupted halfway it runs again from its beginning, so each statement must be repeatable: an index that failed is
 * left invalid, and is dropped first (`drop index concurrently if exists …`).
 */
const outsideTransaction = /^-- Outside a transaction$/m;

/** Reads migrations: one SQL file each, in a transaction of its own unless a line of it says otherwise. */
export const migrationFiles = {
  extensions: ['.sql'],
  async loader(paths: string[]) {
    return Promise.all(
      paths.map(async (path) => ({
        id: path,
        filePaths: [path],
        actions: actionsOf(await readFile(path, 'utf8')),
      })),
    );
  },
};

/** Reads the migrations before one. @param name that of its file, without its ending */
export function migrationFilesBefore(name: string): typeof migrationFiles {
  const isBefore = (path: string) => basename(path) < name;
  return { ...migrationFiles, loader: (paths) => migrationFiles.loader(paths.filter(isBefore)) };
}

function actionsOf(text: string) {
  return {
    up(migration: MigrationBuilder): void {
      if (outsideTransaction.test(text)) migration.noTransaction();
      for (const part of transactionsOf(text)) migration.sql(part);
    },
    // there is no way back: a mistake is mended by the next migration
    down: false as const,
  };
}

/** Returns the parts of a migration that are each a transaction: all of it, or its statements outside of one. */
export const transactionsOf = (text: string): string[] =>
  outsideTransaction.test(text) ? statementsOf(text) : [text];

/** Splits at semicolons that end a line, so such a file can hold no body of a function. */
function statementsOf(text: string): string[] {
  return text.split(/;\s*$/m).filter((statement) => statement.replace(/^\s*--.*$/gm, '').trim() !== '');
}

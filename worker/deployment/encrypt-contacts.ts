import type { Database } from '../../store/database/connection.ts';
import { encryptClearPage } from '../../store/encryption/encrypt-clear-contacts.ts';
import type { MasterKeys } from '../../store/encryption/master-keys.ts';

/**
 * Encrypts what versions before 0.3.0 have stored in clear, in short transactions: interrupted, it goes on where it was.
 * @returns the number of rows that were encrypted
 */
export async function encryptClearContacts(db: Database, masterKeys: MasterKeys): Promise<number> {
  let count = 0;
  for (;;) {
    const done = await db.transaction().execute((tx) => encryptClearPage(tx, masterKeys));
    if (done === 0) return count;
    count += done;
  }
}

import type { Keyring } from '../../store/encryption/keyring.ts';
import { toMasterKeys } from '../../store/encryption/master-keys.ts';
import { keyedPhone } from '../../store/notifications/text-opt-outs.ts';

/** The keyring of the tests, on every database of theirs. */
export const keyring: Keyring = {
  masterKeys: toMasterKeys([Buffer.alloc(32, 'a master key of the tests')]),
  lookupKey: 'a look-up key of the tests',
};

/** A phone with its hash. */
export const keyed = (phone: string) => keyedPhone(keyring, phone);

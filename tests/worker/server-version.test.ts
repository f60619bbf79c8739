import { expect, test } from '@jest/globals';
import { ordersByPriority } from '../../worker/deployment/server-version.ts';

const ofOwnServer = (serverVersion: string) => ordersByPriority({ address: 'temporal:7233', serverVersion });

test.each(['1.31.0', '1.31.2', '1.32.0', '1.32.0-157.1', '2.0.0'])(
  'a server of version %s orders tasks by priority',
  (version) => {
    expect(ofOwnServer(version)).toBe(true);
  },
);

test.each(['1.30.4', '1.9.1', '0.31.0', ''])(
  'of a server of version "%s" the worker says that it does not',
  (version) => {
    expect(ofOwnServer(version)).toBe(false);
  },
);

test.each(['hod.a1b2c.tmprl.cloud:7233', 'us-east-1.aws.api.temporal.io:7233'])(
  'Temporal Cloud at %s orders tasks, whatever its version says',
  (address) => {
    expect(ordersByPriority({ address, serverVersion: '1.28.0-141.3' })).toBe(true);
  },
);

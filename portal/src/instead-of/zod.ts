import { config } from 'zod/v4/core';

export * from 'zod/v4';

// without this zod compiles its checks with eval, which the Content-Security-Policy forbids
config({ jitless: true });

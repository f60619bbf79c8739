import { config } from 'zod/v4/core';

// zod would compile its checks with eval, which the Content-Security-Policy forbids
config({ jitless: true });

import { z } from 'zod';

// zod would compile its checks with eval, which the Content-Security-Policy forbids
z.config({ jitless: true });

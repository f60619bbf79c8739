import { appCodePattern } from '../../domain/accounts/second-factor.ts';
import type { Database } from '../../store/database/connection.ts';
import { countUses, takeBackUses } from '../../store/rate-limits.ts';
import { sha256 } from '../../store/tokens.ts';
import { fail } from '../http/problems.ts';
import type { RateLimit } from '../http/requests/rate-limits.ts';

/** A code of an authenticator app that came with the right password, and the device it came from (`LogInAttempt`). */
interface CodeAttempt {
  accountId: string;
  code: string;
  device: string | undefined;
}

/** An attempt that was counted. It stays counted unless it is taken back. */
interface CountedCode {
  /** Whether no further one is checked within the window. */
  isLast: boolean;
  /** Does not count the attempt, because the code was right. */
  takeBack(): Promise<void>;
}

/**
 * Counts a code before it is checked, so that concurrent ones count too.
 * @throws a problem of type `too-many-requests`
 */
export type CodeLimiter = (attempt: CodeAttempt) => Promise<CountedCode>;

/**
 * Creates the limiter of codes. A code has six digits, and who knows the password and has networks without end could try a
 * thousand a day within the limits of log-ins. So an account has a number of wrong codes a day, and each of its known devices
 * another one, which no stranger uses up. Recovery codes are too long to guess and are not counted.
 */
export function createCodeLimiter(
  { db, now }: { db: Database; now: () => Date },
  { points, windowMs }: RateLimit,
): CodeLimiter {
  return async ({ accountId, code, device = 'unknown' }) => {
    if (!appCodePattern.test(code)) return { isLast: false, takeBack: async () => {} };
    const at = now().getTime();
    const key = `codesByAccount:${sha256(`${accountId} ${device}`)}`;
    const [counted] = await countUses(db, [{ key, points, windowMs }], at);
    const { uses, endsAt } = counted ?? { uses: 0, endsAt: at };
    if (uses > points) fail('too-many-requests', { retryAfter: (endsAt - at) / 1000 });
    return { isLast: uses === points, takeBack: () => takeBackUses(db, [key], at) };
  };
}

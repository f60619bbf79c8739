/** How long sessions last. Durations are milliseconds. */
export interface SessionPolicy {
  /** Time without use after which a session of an agent ends, and time after which it ends in any case. */
  agentIdleMs: number;
  agentLengthMs: number;
  /** The same for everybody else: the operations team sees all agents. */
  opsIdleMs: number;
  opsLengthMs: number;
  /** Time after a log-in or a confirmation in which nobody is asked for the password again. */
  confirmationMs: number;
}

const minute = 60_000;
const hour = 60 * minute;

/** The policy unless the settings say otherwise. */
export const defaultSessionPolicy: SessionPolicy = {
  agentIdleMs: 12 * hour,
  agentLengthMs: 7 * 24 * hour,
  opsIdleMs: 30 * minute,
  opsLengthMs: 12 * hour,
  confirmationMs: 10 * minute,
};

/** Limits of one session. */
export interface SessionLimits {
  idleMs: number;
  lengthMs: number;
}

/** Returns the limits of an account's sessions. */
export function sessionLimits(policy: SessionPolicy, role: string): SessionLimits {
  return role === 'agent'
    ? { idleMs: policy.agentIdleMs, lengthMs: policy.agentLengthMs }
    : { idleMs: policy.opsIdleMs, lengthMs: policy.opsLengthMs };
}

/**
 * Returns the shortest time between two writes of a session's use: a minute, or a tenth of a short idle time. A session so
 * ends by that much early at most.
 */
export function useWrittenEveryMs({ idleMs }: SessionLimits): number {
  return Math.min(minute, idleMs / 10);
}

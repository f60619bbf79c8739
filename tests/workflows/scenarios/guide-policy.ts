import { defaultPolicy, type Policy } from '../../../domain/policy.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Policy with the guide's own windows, at their real lengths. */
export const guidePolicy: Policy = { version: 'guide', ...defaultPolicy };

/** Adds a duration to an instant. */
export function addTime(at: Date, { days = 0, hours = 0, minutes = 0, seconds = 0 }): Date {
  return new Date(at.getTime() + days * dayMs + hours * hourMs + minutes * minuteMs + seconds * 1000);
}

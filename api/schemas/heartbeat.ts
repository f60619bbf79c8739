/**
 * Milliseconds between two comments on an event stream, the sign that it is alive. A page that misses two of them takes the
 * connection for dead, so that nobody trusts what it shows for longer than ten seconds.
 */
export const heartbeatMs = 4_000;

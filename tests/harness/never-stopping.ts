/** The signal of a loop that nobody stops, for tests that process single pages. */
export const neverStopping = new AbortController().signal;

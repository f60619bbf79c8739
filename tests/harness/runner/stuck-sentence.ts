/**
 * Said by each test after one in which the time-skipping server lost a workflow task: it starts one that no worker completes,
 * and moves no workflow after that. It is rare, and only on a busy machine; `npm test` runs a file that failed once more, by itself.
 */
export const stuckSentence = 'The time-skipping server is stuck: a workflow did not end';

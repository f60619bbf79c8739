/** Most characters of an agent's notes about a referral. */
export const maxNotesLength = 2_000;

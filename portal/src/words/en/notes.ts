/** Words of an agent's own notes about a referral. */
export const notes = {
  label: 'Your notes',
  hint: 'Only you see them. They are deleted together with the contact.',
  tooLong: (most: string) => `Please shorten your notes to ${most} characters.`,
  save: 'Save notes',
  saving: 'Saving…',
  saved: 'Notes saved.',
  changed: 'You saved other notes meanwhile, perhaps on another device. Yours are not saved yet.',
  theirs: 'The newer notes:',
  empty: '(empty)',
  useNewer: 'Show the newer notes',
  keepMine: 'Keep what I typed here',
};

/** Words of the notice about a draft. */
export const draft = {
  heading: 'Not saved yet',
  kept: 'Here is what you typed before. It is not saved yet. Check it and send it.',
  lost: 'What you typed here before was not sent. It is not stored in the browser, because it is a code or about a consumer. Please enter it again.',
  discard: 'Discard what I typed',
  understood: 'Close',
};

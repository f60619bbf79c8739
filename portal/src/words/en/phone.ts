/** Words of the card that confirms an agent's phone. */
export const phone = {
  heading: 'Confirm your phone',
  sent: (number: string, until: string) =>
    `We have sent a text with a code of 6 digits to ${number}. It is valid until ${until}.`,
  unsent: (number: string) => `We send a text with a code of 6 digits to ${number}.`,
  why: {
    needed: 'Until the phone is confirmed, you get no other texts.',
    asked: 'When you enter it, we know that texts about referrals reach you.',
  },
  code: { label: 'Code', missing: 'Enter the code from the text.', invalid: 'A code has 6 digits.' },
  wrong: (attemptsLeft: number) =>
    attemptsLeft === 0
      ? 'This is not the code we sent. Ask for a new one.'
      : `This is not the code we sent. You can try ${attemptsLeft} more ${attemptsLeft === 1 ? 'time' : 'times'}.`,
  confirm: 'Confirm',
  confirming: 'Confirming…',
  send: 'Send a code',
  resend: 'Send a new code',
  sending: 'Sending…',
  confirmed: 'Your phone is confirmed.',
  textless: {
    heading: 'Your phone cannot receive texts',
    text: (number: string) =>
      `Text messages do not reach ${number}. Enter a cell phone number in your profile to get referrals by text.`,
  },
};

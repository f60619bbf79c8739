/** Words of the log-in page. */
export const logIn = {
  title: 'Log in',
  lead: 'For agents and brokers who have registered, and for the staff of Help On Demand.',
  username: { label: 'Username', missing: 'Enter your username.', invalid: 'Enter your username.' },
  password: { label: 'Password', missing: 'Enter your password.', invalid: 'Enter your password.' },
  code: {
    label: 'Code',
    hint: 'The 6 digits that your authenticator app shows now, or a recovery code.',
    missing: 'Enter the code of your authenticator app.',
    invalid: 'A code has 6 digits; a recovery code has 26 letters and digits.',
    wrong: 'The code is wrong, or was used before.',
  },
  passkeyOnly: 'The password is right. This account needs its passkey too: use it below.',
  passkey: {
    use: 'Use a passkey',
    using: 'Waiting for your device…',
    unfinished: 'Your device did not finish. You can try again.',
    refused: 'The passkey was not accepted. It may have been removed from the account.',
  },
  submit: 'Log in',
  submitting: 'Logging in…',
  failed: 'The username or the password is wrong.',
  first: 'Log in to see this page.',
  typed: 'What you typed is kept in this tab. It is not saved yet.',
  trouble: {
    heading: 'Trouble logging in?',
    password: 'Forgot your password?',
    username: 'Forgot your username or never got an invitation?',
    staff: 'Staff: an administrator opens your account and sets you a new password.',
    factor: 'Lost your phone or passkey? Use a recovery code in place of the app’s code, or write to',
    consumer: 'Looking for help with health coverage? Ask for help here.',
  },
};

/** Words of the page for agents who cannot log in. */
export const logInHelp = {
  title: 'Help with logging in',
  lead: 'Enter your NPN and choose what you need. The answer goes to the email address in your MLMS profile and to nobody else.',
  npn: {
    label: 'National Producer Number (NPN)',
    missing: 'Enter your NPN.',
    invalid: 'An NPN has 1 to 10 digits.',
  },
  asks: {
    label: 'What do you need?',
    missing: 'Choose what you need.',
    invalid: 'Choose what you need.',
    username: 'My username, and where to log in',
    status: 'Why I have no invitation, or where my registration stands',
  },
  submit: 'Send me an email',
  submitting: 'Sending…',
  sent: {
    title: 'Check your email',
    text: 'If this NPN is on record, we’ve sent an email to the address in its Marketplace Learning Management System (MLMS) profile.',
    spam: 'No email after a few minutes? Check your spam folder. We send only a few such emails a day for each NPN.',
    helpDesk: 'Still nothing? Write to the help desk:',
  },
};

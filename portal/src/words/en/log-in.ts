/** Words of the log-in page. */
export const logIn = {
  title: 'Log in',
  lead: 'For agents and brokers who have registered.',
  username: { label: 'Username', missing: 'Enter your username.', invalid: 'Enter your username.' },
  password: { label: 'Password', missing: 'Enter your password.', invalid: 'Enter your password.' },
  submit: 'Log in',
  submitting: 'Logging in…',
  failed: 'The username or the password is wrong.',
  first: 'Log in to see this page.',
  typed: 'What you typed is kept in this tab. It is not saved yet.',
  forgotPassword: 'Forgot your password?',
  help: 'Forgot your username or never got an invitation?',
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
    text: 'If the Marketplace Learning Management System (MLMS) knows this NPN, an email is on its way to the address in its MLMS profile.',
    spam: 'No email after a few minutes? Check your spam folder. We send only a few such emails a day for each NPN.',
    helpDesk: 'Still nothing? Write to the help desk:',
  },
};

/** Words of the pages to set a new password. */
export const passwords = {
  forgot: {
    title: 'Set a new password',
    lead: 'Enter your username, and we send a link to the email address in your MLMS profile and to nobody else.',
    username: { label: 'Username', missing: 'Enter your username.', invalid: 'Enter your username.' },
    submit: 'Send me a link',
    submitting: 'Sending…',
    forgotUsername: 'Forgot your username too?',
    sent: {
      title: 'Check your email',
      text: 'If this is the username of an agent, an email with a link is on its way to the address in the agent’s MLMS profile. The link is valid for a short time and works once.',
      spam: 'No email after a few minutes? Check your spam folder. We send only a few such emails a day.',
      helpDesk: 'Still nothing? Write to the help desk:',
    },
    operations: 'Accounts of the operations team get no such link: another member sets them a new password.',
  },
  reset: {
    title: 'Set a new password',
    lead: (username: string, until: string) =>
      `For the account ${username}. The link is valid until ${until} and works once.`,
    submit: 'Set the new password',
    submitting: 'Setting…',
    done: {
      title: 'Your new password is set',
      text: 'You are logged out everywhere. Log in with the new password.',
      logIn: 'Log in',
    },
    dead: {
      title: 'This link cannot be used',
      expired: (at: string | undefined) =>
        `The link has expired${at === undefined ? '' : ` at ${at}`}. It is valid for a short time so that nobody else can use it.`,
      unknown:
        'The link was already used, was replaced by a newer one, or is not valid. If you have just set a new password, log in with it.',
      missing:
        'The address of this page lacks the end of your link. A mail program or a filter may have cut it off.',
      again: 'Send me a new link',
    },
  },
  change: {
    title: 'Change your password',
    mustReplace:
      'Your password was generated, and somebody else has seen it. Choose your own; the account opens after that.',
    goOn: 'Go on',
    lead: 'You stay logged in here and are logged out everywhere else.',
    submit: 'Change the password',
    submitting: 'Changing…',
    done: 'Your password is changed.',
    link: 'Change your password',
  },
  visibility: {
    show: 'Show password',
    hide: 'Hide password',
    shown: 'Your password is shown.',
    hidden: 'Your password is hidden.',
  },
  password: {
    label: 'New password',
    missing: 'Enter a new password.',
    invalid: 'Enter a password that follows every rule below the field.',
  },
};

/** Words of the page where administrators keep accounts and keys. */
export const accounts = {
  title: 'Accounts and keys',
  lead: 'Who works with this service besides the agents, and which systems upload feeds.',
  notAdmin: 'This page is for administrators. Ask one of them for an account or a key.',
  noPages:
    'Your account reads the records of this service: the decisions about a request, and the audit. They come from the API.',
  docs: 'Documentation of the API',
  never: 'Never',
  copy: 'Copy it now. It is shown only this once.',
  password: (username: string) => `Password of ${username}`,
  secret: (name: string) => `Secret of ${name}`,
  list: {
    heading: 'Accounts',
    caption: 'Accounts by username',
    username: 'Username',
    role: 'Role',
    state: 'State',
    actions: 'Actions',
    usable: 'Can log in',
    deactivated: (at: string) => `Deactivated ${at}`,
    own: 'This is you',
  },
  roles: {
    ops: { label: 'Operations', hint: 'Works with agents and requests.' },
    'ops-admin': { label: 'Administrator', hint: 'The same, and keeps accounts and keys.' },
    auditor: { label: 'Auditor', hint: 'Reads the decisions about requests and the audit. Changes nothing.' },
  },
  usernameHint: '3 to 64 letters, digits or . _ - +, beginning with a letter or digit.',
  fillIn: 'Fill in every field.',
  open: {
    name: 'Open an account',
    explain:
      'A password is generated and shown to you. Give it to nobody but the owner of the account, who has 72 hours to replace it.',
    done: 'The account is open.',
    lost: 'No answer came, so the password may be lost. Cancel, and look at the list: if the account is there, set a new password.',
  },
  changeRole: {
    name: 'Change the role',
    explain: 'The account is logged out everywhere. The new role holds from the next log-in on.',
    done: 'The role has changed.',
  },
  setPassword: {
    name: 'Set a new password',
    explain:
      'The account is logged out everywhere. A password is generated and shown to you; the owner has 72 hours to replace it. Make sure that you speak with the owner.',
    done: 'The password has changed.',
  },
  resetFactors: {
    name: 'Remove second factors',
    explain:
      'For somebody who has lost them all. Passkeys, app and recovery codes are removed, and the account is logged out everywhere. Make sure first that you speak with the owner.',
    done: 'The account has no second factor any more.',
  },
  deactivate: {
    name: 'Deactivate',
    explain: 'The account is logged out everywhere and can never log in again.',
    done: 'The account is deactivated.',
  },
  keys: {
    heading: 'Keys for feeds',
    caption: 'Keys, those that can be used first',
    none: 'No system has a key of its own yet.',
    name: 'System',
    feeds: 'Feeds',
    lastUsed: 'Last used',
    created: 'Created',
    createdBy: (at: string, by: string) => `${at}, by ${by}`,
    state: 'State',
    actions: 'Actions',
    usable: 'Can be used',
    earlier: (until: string) => `Can be used; an earlier secret works until ${until}`,
    revoked: (at: string) => `Revoked ${at}`,
    feed: {
      'registration-completions': 'Registration completions',
      terminations: 'Terminations',
      'training-completions': 'Training completions',
      licenses: 'Licenses',
    },
    hours: 'Hours for which earlier secrets work on',
    hoursHint: 'A whole number up to 720. With 0 they stop at once: choose it if a secret has leaked.',
  },
  createKey: {
    name: 'Create a key',
    explain: 'A secret is generated and shown to you. The system sends it with each upload.',
    done: 'The key is created.',
    lost: 'No answer came, so the secret may be lost. Cancel, and look at the list: if the key is there, rotate it for a new secret.',
  },
  rotateKey: {
    name: 'Rotate',
    explain: 'A new secret is generated and shown to you.',
    done: 'The key has a new secret.',
  },
  revokeKey: {
    name: 'Revoke',
    explain: 'Every secret of the key stops working at once and for good.',
    done: 'The key is revoked.',
  },
};

/** How an agent wants to hear of a referral: the guide's four options. */
export const contactPreferences = ['email-text-app', 'email-text', 'email-app', 'email'] as const;
export type ContactPreference = (typeof contactPreferences)[number];

/** The ways a message travels. "App" is a push notification of the installed portal. */
export const channels = ['email', 'text', 'push'] as const;
export type Channel = (typeof channels)[number];

const channelsOf: Readonly<Record<ContactPreference, readonly Channel[]>> = {
  'email-text-app': ['email', 'text', 'push'],
  'email-text': ['email', 'text'],
  'email-app': ['email', 'push'],
  email: ['email'],
};

/** The channels a preference stands for. */
export function preferredChannels(preference: ContactPreference): readonly Channel[] {
  return channelsOf[preference];
}

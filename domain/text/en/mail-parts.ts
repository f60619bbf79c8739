import { helpContacts } from '../help-contacts.ts';
import { linked, mailLink } from '../linked.ts';
import { notGovernment } from '../not-government.ts';

/** The guide's note on who runs the service, at the end of every mail. */
export const whoWeAre = `Help On Demand is run under contract with the Centers for Medicare & Medicaid Services (CMS). ${notGovernment.en} Referrals are made by Help On Demand, not by CMS or the Marketplace, and the U.S. Government does not endorse any individual agent or broker.`;

const whereToAsk = linked`Missing a mail from us? Check your spam folder. Questions? Write to the Agent Broker Email Help Desk: ${mailLink(helpContacts.helpDesk)}`;

export const agentFooter = [whereToAsk, whoWeAre] as const;
export const consumerFooter = [
  `Other ways to get help: the Marketplace Call Center, ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relay ${helpContacts.relay}). For Medicare, call 1-800-MEDICARE.`,
  whoWeAre,
] as const;

/** Salutation of a mail, with or without a name. */
export const hello = (name: string) => (name.trim() ? `Hello ${name.trim()},` : 'Hello,');

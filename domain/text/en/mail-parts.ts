import { helpContacts } from '../help-contacts.ts';
import { linked, mailLink, phoneLink } from '../linked.ts';
import { notGovernment } from '../not-government.ts';

/** The guide's note on who runs the service, at the end of every mail. */
export const whoWeAre = `Help On Demand is run under contract with the Centers for Medicare & Medicaid Services (CMS). ${notGovernment.en} Referrals are made by Help On Demand, not by CMS or the Marketplace, and the U.S. Government does not endorse any individual agent or broker.`;

const whereToAsk = linked`Missing an email from us? Check your spam folder. Questions? Write to the Agent Broker Email Help Desk: ${mailLink(helpContacts.helpDesk)}`;

export const agentFooter = [whereToAsk, whoWeAre] as const;
export const consumerFooter = [
  linked`Other ways to get help: the Marketplace Call Center, ${phoneLink(helpContacts.callCenter)} (TTY ${phoneLink(helpContacts.callCenterTty)}, relay ${phoneLink(helpContacts.relay)}). For Medicare, call ${phoneLink(helpContacts.medicare)}.`,
  whoWeAre,
] as const;

/** Salutation of a mail, with or without a name. */
export const hello = (name: string) => (name.trim() ? `Hello ${name.trim()},` : 'Hello,');

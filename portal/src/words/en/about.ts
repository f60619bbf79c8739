import { helpContacts } from '../../../../domain/text/help-contacts.ts';

/** Words of the pages about the service itself. They are loaded with these pages alone. */
export const about = {
  version: (version: string) => `Help On Demand, version ${version}`,
  questions: {
    title: 'Questions and answers',
    lead: 'For people who need help with health coverage, and for the agents and brokers who give it.',
    sections: [
      {
        heading: 'What does it cost me?',
        text: ['Nothing. An agent or broker may not charge you for helping you with Marketplace coverage.'],
      },
      {
        heading: 'Who will call me?',
        text: [
          'A licensed agent or broker who has registered with the Marketplace and trained for it. Your page shows the name and a number, the NPN. Ask whoever calls you for that number, and check that it is the same.',
          'If it is not, hang up. We never call to ask for your Social Security number or for money.',
        ],
      },
      {
        heading: 'Nobody has called me. What can I do?',
        text: [
          'Open the link that we sent you. Your page shows where your request stands, and until when the agent has time to call. You can tell us there that nobody called, or ask for another agent.',
          `You can also call the Marketplace Call Center, day and night except on some holidays: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}).`,
        ],
      },
      {
        heading: 'I lost the link to my request',
        text: [
          'Enter the phone number or email address that you gave us. If your request is open, we send its link there again.',
        ],
        link: { to: '/status', text: 'Send me the link' },
      },
      {
        heading: 'I do not want help any more',
        text: [
          'Press “Withdraw my request” on your page. Nobody gets in touch then. If an agent has your number already, we tell them not to use it.',
        ],
      },
      {
        heading: 'How do I stop the text messages?',
        text: [
          'Reply STOP to any of them. Your request goes on without them. Reply START to get them again.',
        ],
      },
      {
        heading: 'I am an agent and have no invitation',
        text: [
          'The invitation comes by email to the address in your MLMS profile, usually within two business days after you finish the training. We can tell you what is still missing.',
          `Questions about registration and training go to the help desk: ${helpContacts.helpDesk}.`,
        ],
        link: { to: '/log-in-help', text: 'Ask about my invitation' },
      },
      {
        heading: 'I am an agent and get no referrals',
        text: [
          'Your checklist shows what is still missing, and your availability whether you can be asked now. “Why not me” says, day by day, why a request in your states went to somebody else.',
        ],
      },
    ],
  },
  privacy: {
    title: 'Privacy',
    lead: 'What we know about you, who sees it, and when we delete it.',
    sections: [
      {
        heading: 'What we ask for',
        text: [
          'If you ask for help: your name, a phone number or an email address, your ZIP code, the language you want to talk in, and what you need. We never ask for your Social Security number, your income or your health.',
          'If you are an agent: your NPN and what the Marketplace, the training system and your state say about your registration and licenses, with the contact and the hours that you give us.',
        ],
      },
      {
        heading: 'Who sees it',
        text: [
          'An agent whom we ask sees your ZIP code, city, language and need, and not who you are. Only the one who accepts gets your name and your contact, and only to call you about this request.',
          'Our operations team can look at your contact when there is a problem. Every look is recorded, with the reason.',
          'We sell nothing, show no advertising, and count no visits. Cookies serve to log in and for nothing else.',
        ],
      },
      {
        heading: 'How it is kept',
        text: [
          'Your name and contact, and what an agent notes about you, are encrypted with a key of their own. When that key is destroyed, nobody can read them any more.',
        ],
      },
      {
        heading: 'How long',
        items: [
          'A request that is never confirmed with its code: deleted after an hour.',
          'Your name, phone number and email address, and an agent’s notes: until 90 days after your request is over.',
          'The record that you agreed, without your contact: 10 years, as the rules of the Marketplace ask.',
          'Who logged in when, for agents and the operations team: one year.',
        ],
      },
      {
        heading: 'What you can do',
        text: [
          'Withdraw your consent on the page of your request, at any time. Everything stops then, and we delete your name, your phone number and your email address at once.',
        ],
      },
    ],
  },
  accessibility: {
    title: 'Accessibility',
    lead: 'Everybody should be able to use these pages.',
    sections: [
      {
        heading: 'What we aim for',
        text: [
          'The pages follow the Web Content Accessibility Guidelines (WCAG) 2.2, level AA, and Section 508. Each page is checked by a program for every change, on a phone and on a desktop, with large text and with the colors of the device.',
        ],
      },
      {
        heading: 'What works',
        items: [
          'Everything can be done with the keyboard alone, and the focus can always be seen.',
          'Screen readers hear each change of a page that updates itself.',
          'Text can be twice as large, and nothing is cut off.',
          'A code can come as a call instead of a text.',
          'The pages for people who need help, and for agents, are in English and in Spanish.',
        ],
      },
      {
        heading: 'What does not work yet',
        items: [
          'Terms for agents, and the pages of the operations team, are in English only.',
          'The API documentation is long and written for developers.',
        ],
      },
      {
        heading: 'Tell us',
        text: [
          `If something keeps you from getting help, call the Marketplace Call Center: ${helpContacts.callCenter}, TTY ${helpContacts.callCenterTty}, relay ${helpContacts.relay}. You need not use these pages at all. Agents and brokers write to ${helpContacts.helpDesk}.`,
        ],
      },
    ],
  },
};

/** A part of such a page. */
export interface AboutSection {
  heading: string;
  text?: string[];
  items?: string[];
  /** A page of ours where that can be done. */
  link?: { to: string; text: string };
}

/** A page about the service itself. */
export interface AboutText {
  title: string;
  lead: string;
  sections: AboutSection[];
}

/** Texts by the way that a code was sent. */
const codeWays = {
  email: 'We have sent a code of 6 digits to your email address.',
  text: 'We have sent a code of 6 digits to your phone as a text message.',
  voice: 'We are calling your phone to tell you a code of 6 digits. Please answer; it takes half a minute.',
};
type CodeWay = keyof typeof codeWays;

/** Words of a consumer's status page. */
export const status = {
  title: 'Your request for help',
  agent: 'Your agent',
  agentName: 'Name',
  npn: 'NPN',
  npnNote: 'Ask the person who contacts you for this number. You can look it up at',
  since: (at: string) => `Since ${at}.`,
  callCenter: (number: string) => `Call the Marketplace Call Center: ${number}`,
  steps: {
    heading: 'What has happened so far',
    done: '(done)',
    received: 'Request received',
    asked: 'Agents asked',
    askedCount: (count: number) =>
      count === 1 ? 'We have asked one agent so far.' : `We have asked ${count} agents so far.`,
    found: 'Agent found',
    inTouch: 'In touch',
    closed: 'Closed',
    usually: {
      'this-hour': (median: string, ninetieth: string) =>
        `Around this time of day, half of the people in your state had an agent within ${median}, and 9 of 10 within ${ninetieth}.`,
      month: (median: string, ninetieth: string) =>
        `In the last 30 days, half of the people in your state had an agent within ${median}, and 9 of 10 within ${ninetieth}.`,
    },
    latestBy: (at: string) => `If we find nobody, we tell you by ${at} at the latest.`,
    tries: (count: number) => `That makes ${count} tries.`,
  },
  closedAs: {
    enrolled: 'Your agent told us that you are enrolled in a plan.',
    'not-enrolled': 'Your agent told us that you did not enroll in a plan with them.',
  },
  live: 'This page updates automatically.',
  reconnecting: 'The connection is lost. We are trying to reconnect. This page may be out of date.',
  keep: 'Keep the address of this page. Anyone who has it can see and withdraw your request, so do not share it.',
  license: 'License',
  contactBy: 'Contacts you',
  callBy: 'Should contact you by',
  tried: (agent: string, at: string, nextTry: string) =>
    `${agent} tried to reach you at ${at} and will try again by ${nextTry}.`,
  leftVoicemail: (agent: string, at: string, nextTry: string) =>
    `${agent} left you a voicemail at ${at} and will try again by ${nextTry}.`,
  called: { heading: 'Has the agent been in touch?', yes: 'Yes', no: 'Not yet' },
  calledNo: 'Thank you. We have reminded the agent.',
  calledYes: 'Thank you.',
  another: {
    label: 'Ask for another agent',
    text: 'You can do this once. We tell your current agent not to contact you.',
    heading: 'Ask for another agent?',
    yes: 'Yes, ask another agent',
    no: 'No, keep this agent',
    busy: 'One moment…',
  },
  problem: 'Report a problem with the agent',
  problemQuestion: 'What is the problem?',
  problemMissing: 'Choose what the problem is.',
  problemSend: 'Send report',
  problemDone: 'Thank you. The operations team looks at every report.',
  confirm: {
    heading: 'Enter the code',
    sent: (by: readonly CodeWay[]) =>
      `${by.map((way) => codeWays[way]).join(' ')} The code shows us that an agent can reach you.`.trim(),
    isUnderWay:
      'Your request is under way. We do not use a phone number or email address until you have entered its code.',
    label: 'Code',
    missing: 'Enter the code that we sent or told you.',
    invalid: 'A code has 6 digits.',
    wrong: (attemptsLeft: number) =>
      attemptsLeft === 0
        ? 'This is not the code we sent. Ask for a new one.'
        : `This is not the code we sent. You can try ${attemptsLeft} more ${attemptsLeft === 1 ? 'time' : 'times'}.`,
    submit: 'Confirm',
    submitting: 'Confirming…',
    resend: 'Send a new code',
    resent: 'A new code is on its way. Earlier ones no longer work.',
    call: 'Call me with the code',
    callAgain: 'Call me again',
    calling: 'We are calling you with a new code. Earlier ones no longer work.',
  },
  correct: {
    heading: 'Correct your phone number or email address',
    phone: 'Phone',
    email: 'Email address',
    send: 'Save',
    done: 'Thank you. We use it from now on.',
    waiting: 'We have sent a code there. After you enter it above, we use the new number or address.',
  },
  stop: {
    heading: 'If you want to stop',
    withdraw: {
      label: 'Withdraw my request',
      text: 'Nobody will get in touch then. If an agent has your contact data, we tell them not to use it.',
      heading: 'Withdraw your request?',
      yes: 'Yes, withdraw it',
      no: 'No, keep it',
      busy: 'Withdrawing…',
    },
    rescind: {
      label: 'Withdraw my consent and erase my contact',
      text: 'Everything stops, and we erase your name, your phone number and your email address. We keep only a record of who gave consent, for 10 years, as the law requires.',
      heading: 'Withdraw your consent?',
      yes: 'Yes, withdraw my consent',
      no: 'No, keep my consent',
      busy: 'Withdrawing…',
    },
  },
  again: 'Ask for help again',
  kept: {
    heading: 'What we keep about you',
    everythingUntil: (day: string) =>
      `If the code is not entered, we delete this request and everything in it today or on ${day}.`,
    contactAfterEnd: (days: number) =>
      `We keep your name, phone number and email address until ${days} days after your request ends, then we erase them.`,
    contactUntil: (day: string) =>
      `We keep your name, phone number and email address until ${day}, then we erase them.`,
    contactErased: 'We have erased your name, phone number and email address.',
    recordLater: 'After that we keep only a record of who gave consent, for 10 years, as the law requires.',
    recordUntil: (day: string) =>
      `We keep only a record of who gave consent, until ${day}, as the law requires.`,
    request: (years: number) => `The request itself, without your name, is kept for ${years} years.`,
    download: 'Download what we keep',
    inPart:
      'The file has your name and contact in part only, because whoever has the link of this page can download it.',
  },
  unknown: {
    title: 'We cannot show this request',
    text: 'The link is incomplete, or the request is over. Mail programs and filters sometimes cut off the end of a link.',
  },
  linkAgain: {
    lead: 'Enter the phone number or the email address of your request. If it is open, we send its link there again.',
    contact: {
      label: 'Phone number or email address',
      missing: 'Enter your phone number or your email address.',
      invalid: 'Enter a US phone number of 10 digits, or an email address.',
    },
    send: 'Send me the link',
    sending: 'Sending…',
    sent: 'If there is an open request with this contact, its link is on its way there. Check your spam folder too.',
  },
};

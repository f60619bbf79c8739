import type { Absence, AvailabilityReason, Weekday } from '../agents/availability.ts';
import type { AvailabilityFault } from '../agents/availability-faults.ts';
import type { ChannelObstacle, TimeObstacle } from '../agents/readiness.ts';
import type { DeliveryStatus } from '../notifications/notices.ts';
import type { TimeContext } from './locale-format.ts';

/** Times for which an agent can use the switch. */
export const switchLengths = ['an-hour', 'four-hours', 'rest-of-day', 'until-switched'] as const;
export type SwitchLength = (typeof switchLengths)[number];

interface FieldWords {
  label: string;
  missing: string;
  invalid: string;
}

/** Words about an agent's availability: the current one, the switch, and the page of hours and absences. */
export interface AvailabilityWords {
  now: (moment: {
    isAvailable: boolean;
    because: AvailabilityReason;
    changesAt: Date | null;
    when: TimeContext;
  }) => string;
  /** The same in a few words, beside the switch. */
  state: (moment: { isAvailable: boolean; changesAt: Date | null; when: TimeContext }) => string;
  fault: Readonly<Record<AvailabilityFault, string>>;
  weekday: Readonly<Record<Weekday, string>>;
  /** For an agent who left the last offers unseen, and is offered nothing until they answer. */
  rest: {
    heading: string;
    because: (rest: { since: Date; unseenOffers: number; when: TimeContext }) => string;
    confirm: string;
    confirmed: string;
    change: string;
    unknown: string;
  };
  /** The check before a shift. */
  readiness: {
    heading: string;
    ready: string;
    notReady: string;
    works: string;
    notChosen: string;
    channel: Readonly<Record<ChannelObstacle, string>>;
    time: Readonly<Record<TimeObstacle, string>>;
  };
  /** A message that an agent sends themselves to see whether offers arrive. */
  testOffer: {
    heading: string;
    lead: string;
    send: string;
    status: Readonly<Record<DeliveryStatus, string>>;
    answered: (moment: { at: Date; when: TimeContext }) => string;
    question: string;
    confirm: string;
    arrived: string;
    late: string;
    unknown: string;
  };
  switch: {
    heading: string;
    label: string;
    options: string;
    forHowLong: string;
    lengths: Readonly<Record<SwitchLength, string>>;
    clear: string;
    change: string;
  };
  page: {
    title: string;
    lead: string;
    clock: (timeZone: string) => string;
    hours: string;
    none: string;
    dayOff: string;
    from: string;
    until: string;
    nextDay: string;
    /** One part of a day, counted from 1. */
    partOf: (weekday: string, number: number) => string;
    add: (weekday: string) => string;
    /** Begins the name of a button that removes hours. */
    remove: string;
    asMonday: string;
    copied: string;
    wrong: string;
    save: string;
    saving: string;
    saved: string;
    absences: string;
    absencesLead: string;
    firstDay: FieldWords;
    lastDay: FieldWords;
    enter: string;
    entered: string;
    noAbsences: string;
    period: (absence: Absence) => string;
    takeBack: string;
    takenBack: string;
  };
}

import { z } from 'zod';
import { availabilityReasons, weekdays } from '../../../domain/agents/availability.ts';
import { id, instant, plainDate } from '../fields.ts';

/** A part of a day in the agent's time zone. */
const hoursOfDay = z
  .strictObject({
    from: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time is HH:MM')
      .meta({ example: '09:00' }),
    until: z
      .string()
      .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'A time is HH:MM')
      .meta({
        example: '17:00',
        description: 'A time not after `from` is on the next day. `24:00` is the end of the day',
      }),
  })
  .meta({ id: 'HoursOfDay' });

const day = z.array(hoursOfDay).max(10);

/** `PUT /v1/me/availability/hours`: an omitted day has no hours; without any hours, the agent is always available. */
export const weeklyHours = z
  .strictObject({
    monday: day.optional(),
    tuesday: day.optional(),
    wednesday: day.optional(),
    thursday: day.optional(),
    friday: day.optional(),
    saturday: day.optional(),
    sunday: day.optional(),
  } satisfies Record<(typeof weekdays)[number], z.ZodType>)
  .meta({ id: 'WeeklyHours' });
export type WeeklyHoursBody = z.infer<typeof weeklyHours>;

const state = z.enum(['on', 'off']);
const until = instant
  .nullable()
  .optional()
  .meta({ description: 'When the override ends; without it, the override lasts until the next change' });

/** `PUT /v1/me/availability/override` */
export const availabilityOverride = z
  .strictObject({
    state: state.nullable().meta({ description: 'Null removes the override; the weekly hours apply again' }),
    until,
  })
  .meta({ id: 'AvailabilityOverride' });
export type AvailabilityOverride = z.infer<typeof availabilityOverride>;

/** `POST /v1/me/availability/absences`: first and last date of an absence, in the agent's time zone. */
export const absenceDates = z
  .strictObject({ from: plainDate, until: plainDate })
  .meta({ id: 'AbsenceDates' });
export type AbsenceDates = z.infer<typeof absenceDates>;

/** Maximum number of an agent's running and future absences. */
export const maxAbsences = 50;

/** `PUT /v1/me/availability`: each given field replaces the stored one; omitted fields stay. */
export const availabilityChange = z
  .strictObject({
    hours: weeklyHours.optional(),
    override: z.strictObject({ state, until }).nullable().optional(),
    absences: z.array(absenceDates).max(maxAbsences).optional(),
  })
  .meta({ id: 'AvailabilityChange' });

export const absence = z.strictObject({ id, from: plainDate, until: plainDate }).meta({ id: 'Absence' });

export const absencePath = z.strictObject({ id });

/** Why an agent is offered nothing although their settings make them available: the last offers were left unseen. */
export const rest = z
  .strictObject({
    since: instant,
    unseenOffers: z.int().min(1).meta({ description: 'Offers in a row that were left unseen' }),
  })
  .meta({ id: 'Rest' });

/** `GET /v1/hours-links/{id}`, and the answer to it */
export const hoursQuestion = z
  .strictObject({
    ...rest.shape,
    endedAt: instant.nullable().meta({ description: 'When the agent answered' }),
  })
  .meta({ id: 'HoursQuestion' });
export type HoursQuestion = z.infer<typeof hoursQuestion>;

/** `GET /v1/me/availability` */
export const availability = z
  .strictObject({
    timeZone: z.string().meta({ description: 'Time zone of the hours and dates', example: 'America/Denver' }),
    hours: weeklyHours.required(),
    override: z.strictObject({ state, until: instant.nullable() }).nullable(),
    absences: z.array(absence).meta({ description: 'Running and future absences, the earliest first' }),
    isAvailable: z.boolean().meta({ description: 'Whether these settings make the agent available now' }),
    because: z.enum(availabilityReasons).meta({
      description:
        'The setting that decides: an absence overrules the override, and the override the weekly hours',
    }),
    changesAt: instant
      .nullable()
      .meta({ description: 'When the availability changes next; null: not until a setting is changed' }),
    resting: rest
      .nullable()
      .meta({ description: 'Set while the agent is offered nothing until they answer; null: not resting' }),
  })
  .meta({ id: 'Availability' });
export type AvailabilityView = z.infer<typeof availability>;

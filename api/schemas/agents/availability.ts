import { z } from 'zod';
import { availabilityReasons, weekdays } from '../../../domain/agents/availability.ts';
import { id, instant, plainDate } from '../fields.ts';

/** A part of a day on the clock of the agent's time zone. */
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
        description: 'Not after `from`: it lies on the next day. `24:00` is the end of the day',
      }),
  })
  .meta({ id: 'HoursOfDay' });

const day = z.array(hoursOfDay).max(10);

/** `PUT /v1/me/availability/hours`: a day that is left out has none; without any, the agent is always available */
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
  .meta({ description: 'When it ends by itself; without it, when it is switched again' });

/** `PUT /v1/me/availability/override` */
export const availabilityOverride = z
  .strictObject({
    state: state.nullable().meta({ description: 'Null: the weekly hours decide again' }),
    until,
  })
  .meta({ id: 'AvailabilityOverride' });
export type AvailabilityOverride = z.infer<typeof availabilityOverride>;

/** `POST /v1/me/availability/absences`: dates in the agent's time zone, both included */
export const absenceDates = z
  .strictObject({ from: plainDate, until: plainDate })
  .meta({ id: 'AbsenceDates' });
export type AbsenceDates = z.infer<typeof absenceDates>;

/** How many absences an agent has entered ahead at the most. */
export const maxAbsences = 50;

/** `PUT /v1/me/availability`: what is given replaces what was there, what is left out stays */
export const availabilityChange = z
  .strictObject({
    hours: weeklyHours.optional(),
    override: z.strictObject({ state, until }).nullable().optional(),
    absences: z.array(absenceDates).max(maxAbsences).optional(),
  })
  .meta({ id: 'AvailabilityChange' });

export const absence = z.strictObject({ id, from: plainDate, until: plainDate }).meta({ id: 'Absence' });

export const absencePath = z.strictObject({ id });

/** `GET /v1/me/availability` */
export const availability = z
  .strictObject({
    timeZone: z
      .string()
      .meta({ description: 'Whose clock the hours and dates are on', example: 'America/Denver' }),
    hours: weeklyHours.required(),
    override: z.strictObject({ state, until: instant.nullable() }).nullable(),
    absences: z.array(absence).meta({ description: 'Running and to come, in their order' }),
    isAvailable: z.boolean().meta({ description: 'Whether the agent can be asked now, as far as this goes' }),
    because: z.enum(availabilityReasons).meta({
      description: 'What decides: an absence beats the override, the override beats the weekly hours',
    }),
    changesAt: instant
      .nullable()
      .meta({ description: 'Until when that holds; null: till something is changed' }),
  })
  .meta({ id: 'Availability' });
export type AvailabilityView = z.infer<typeof availability>;

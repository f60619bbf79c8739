import { z } from 'zod';
import {
  type AgentNotes,
  findNotedOffer,
  type NotedOffer,
  readNotes,
  saveNotes,
} from '../../../../store/referrals/offers/notes.ts';
import type { Deps } from '../../../deps.ts';
import { fail } from '../../../http/problems.ts';
import { type Route, route } from '../../../http/route.ts';
import { id } from '../../../schemas/fields.ts';
import { type Notes, notes } from '../../../schemas/referrals/notes.ts';
import { failOfferEnded } from './offer-commands.ts';

const params = z.strictObject({ id });

/** Routes of what an agent notes about a referral. They are the agent's own: nobody else reads them. */
export function noteRoutes({ db, keyring, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/referrals/:id/notes',
      summary: 'Get the agent’s own notes about an accepted referral',
      params,
      responses: { 200: { description: 'The notes; empty if there are none', schema: notes } },
      problems: ['offer-ended', 'not-allowed-now'],
      handle: async ({ params: { id: referralId }, caller: { npn } }) => {
        const stored = await readNotes(db, keyring, await theirOffer(npn, referralId));
        return { status: 200, body: toView(stored ?? failErased()) };
      },
    }),
    route({
      key: 'PUT /v1/referrals/:id/notes',
      summary: 'Save the agent’s own notes about an accepted referral',
      description:
        '`updatedAt` is that of the notes which the agent has seen. If others were saved meanwhile, by another device, the ' +
        'answer is 409 of type `notes-changed` with the newer `text` and `updatedAt`. The notes are erased with the contact.',
      params,
      body: notes,
      responses: { 200: { description: 'The notes as they are saved', schema: notes } },
      problems: ['offer-ended', 'not-allowed-now', 'notes-changed'],
      handle: async ({ params: { id: referralId }, caller: { npn }, body: { text, updatedAt } }) => {
        const offer = await theirOffer(npn, referralId);
        const seenAt = updatedAt === null ? null : new Date(updatedAt);
        const stored =
          (await saveNotes(db, keyring, { ...offer, text, updatedAt: seenAt, at: now() })) ?? failErased();
        const view = toView(stored);
        // the same text again is a repeat of this call
        if (stored.text !== text) fail('notes-changed', { members: view });
        return { status: 200, body: view };
      },
    }),
  ];

  async function theirOffer(npn: string, referralId: string): Promise<NotedOffer> {
    const offer = (await findNotedOffer(db, { npn, referralId, at: now() })) ?? fail('not-found');
    if (offer.isTheirs) return offer;
    return offer.endedAt ? failOfferEnded(offer) : failErased();
  }
}

function failErased(): never {
  return fail('not-allowed-now', {
    detail: 'The contact and the notes of this referral are no longer shown.',
  });
}

function toView({ text, updatedAt }: AgentNotes): Notes {
  return { text, updatedAt: updatedAt?.toISOString() ?? null };
}

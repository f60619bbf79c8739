import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { linkToken } from '../../../store/tokens.ts';
import { type ApiCall, type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';
import { recordStatements } from '../../harness/statements.ts';

let api: ApiHarness;
/** The offer that the workflow accepts. */
let offerId: string;
const acceptedAt = new Date('2026-11-23T10:42:00Z');
const temporal = {
  workflow: {
    getHandle: () => ({
      executeUpdate: async () => {
        await api.db.updateTable('offers').set({ acceptedAt }).where('id', '=', offerId).execute();
        return { acceptedAt: acceptedAt.toISOString() };
      },
    }),
  },
  withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
} as unknown as Client;
beforeAll(async () => {
  api = await openApiHarness({ temporal });
});
afterAll(() => api.close());

/** Adds an open offer. @returns its agent */
async function offerToAgent(): Promise<string> {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  offerId = await addOffer(api.db, { referralId: (await requestReferral(api)).id, npn });
  return npn;
}

async function readsOfOffer(path: string, call: ApiCall): Promise<number> {
  const statements = await recordStatements(async () => {
    expect((await api.call(`POST /v1/${path}`, { ...call, body: {} })).status).toBe(200);
  });
  return statements.filter((statement) => /^(select|with) .*from "offers"/s.test(statement)).length;
}

test('an acceptance reads the offer once before the workflow answers, and once with the contact afterwards', async () => {
  const cookie = await logInAs(api, { npn: await offerToAgent() });
  expect(await readsOfOffer(`offers/${offerId}/acceptance`, { cookie })).toBe(2);
  expect(await readsOfOffer(`offers/${offerId}/acceptance`, { cookie })).toBe(2);
});

test('an acceptance by the link reads the offer once, with the token', async () => {
  await offerToAgent();
  const bearer = linkToken(api.linkSecret, 'offer', offerId);
  expect(await readsOfOffer(`offer-links/${offerId}/acceptance`, { bearer })).toBe(1);
});

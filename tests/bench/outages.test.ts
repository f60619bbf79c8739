import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { installOfferTriggers } from '../../bench/load-test/invariants.ts';
import { type Link, openLink } from '../../bench/outages/link.ts';
import { brokenPromises, installClockTriggers } from '../../bench/outages/promises.ts';
import { createPool } from '../../runtime/database.ts';
import { type ActivityHarness, openActivityHarness } from '../harness/activity-harness.ts';
import { seedAgent, seedReferral } from '../harness/people/fixtures.ts';

describe('promises', () => {
  let harness: ActivityHarness;
  let pool: pg.Pool;
  beforeEach(async () => {
    harness = await openActivityHarness();
    pool = createPool(harness.ownerUrl, { poolSize: 2 });
    await installOfferTriggers(pool, { openOffers: 1, uncontacted: 3 });
    await installClockTriggers(pool);
  });
  afterEach(async () => {
    await pool.end();
    await harness.close();
  });

  async function insertOffer(offeredAt: string): Promise<string> {
    const { npn } = await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    const id = randomUUID();
    await pool.query(
      `insert into offers (id, referral_id, npn, number, short_code, offered_at, expires_at, policy_version)
       values ($1, $2, $3, 1, '1234', ${offeredAt}, ${offeredAt} + interval '15 minutes', 'test')`,
      [id, referralId, npn],
    );
    return id;
  }

  test('an offer that was reserved with an instant of long ago broke its promise', async () => {
    const id = await insertOffer(`now() - interval '20 minutes'`);
    expect((await brokenPromises(pool))['an offer has its whole window']).toEqual([{ id }]);
  });

  test('an offer that begins when it is reserved kept it', async () => {
    await insertOffer('now()');
    expect(Object.keys(await brokenPromises(pool))).not.toContain('an offer has its whole window');
  });

  test('an offer that ended as expired although nothing had reached its agent broke a promise', async () => {
    const id = await insertOffer('now()');
    await pool.query(`update offers set ended_at = expires_at, ended_as = 'expired', ended_by = 'clock'`);
    const promise = 'nobody is blamed for an offer that did not reach them';
    expect((await brokenPromises(pool))[promise]).toEqual([{ id }]);
  });
});

describe('a link', () => {
  let server: Server;
  let link: Link;
  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    link = await openLink((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await link.close();
    server.close();
  });

  function open() {
    const socket = connect(link.port, '127.0.0.1').on('error', () => undefined);
    return {
      /** Sends a word. @returns what comes back, or that the connection was closed */
      say: (word: string) =>
        new Promise<string>((resolve) => {
          socket.once('data', (data) => resolve(data.toString()));
          socket.once('close', () => resolve('closed'));
          socket.write(word);
        }),
      close: () => socket.destroy(),
    };
  }

  async function say(word: string): Promise<string> {
    const connection = open();
    const answer = await connection.say(word);
    connection.close();
    return answer;
  }

  test('lets everything through, refuses while it is cut, and lets everything through again', async () => {
    expect(await say('one')).toBe('one');
    link.cut('refused');
    expect(await say('two')).toBe('closed');
    link.mend();
    expect(await say('three')).toBe('three');
  });

  test('a silent cut keeps a connection open without an answer, until the link is mended', async () => {
    const connection = open();
    expect(await connection.say('one')).toBe('one');
    link.cut('silent');
    const answer = connection.say('anybody there?');
    link.mend();
    expect(await answer).toBe('closed');
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type ApiAnswer, type ApiHarness, codesOf, openApiHarness } from '../../harness/api-harness.ts';
import { storedContact } from '../../harness/people/contacts.ts';
import { addAgent, logInAs, validHelpRequest } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const request = async (change: object): Promise<ApiAnswer> =>
  api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), ...change },
    headers: { 'Idempotency-Key': randomUUID() },
  });

/** Every text field of a schema, by its path. */
function textsIn(schema: z.core.$ZodType, path = ''): { path: string; schema: z.core.$ZodType }[] {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, field]) => textsIn(field, `${path}/${name}`));
  if (schema instanceof z.ZodArray) return textsIn(schema.element, `${path}/0`);
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((option, index) => textsIn(option, `${path}|${index}`));
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return textsIn(schema.unwrap(), path);
  if (schema instanceof z.ZodPipe) return textsIn(schema.in, path);
  if (schema instanceof z.ZodRecord) return textsIn(schema.valueType, `${path}/*`);
  return schema instanceof z.ZodString || schema instanceof z.ZodStringFormat ? [{ path, schema }] : [];
}

const notText = ['a\0b', '\0', 'a\ud83d', '\ude00b', `${'a'.repeat(10)}\0`];

describe('text that Postgres cannot store', () => {
  test('is refused by every route in every field', () => {
    const texts = api.routes.flatMap(({ key, body, query, params }) =>
      [body, query, params].flatMap((schema) =>
        schema ? textsIn(schema).map((text) => ({ ...text, path: `${key} ${text.path}` })) : [],
      ),
    );
    expect(texts.length).toBeGreaterThan(50);
    const accepting = texts.filter(({ schema }) => notText.some((text) => z.safeParse(schema, text).success));
    expect(accepting.map(({ path }) => path)).toEqual([]);
  });

  test.each(['name', 'phone', 'email', 'zip', 'language'])(
    'in %s of a request for help is a 422',
    async (field) => {
      for (const text of notText) {
        const answer = await request({ [field]: text });
        expect([answer.status, Object.keys(codesOf(answer))]).toEqual([422, [`/${field}`]]);
      }
    },
  );

  test('in a log-in, a token, a reason of ops and a version of terms is a 422 too', async () => {
    const ops = await logInAs(api, { role: 'ops' });
    const npn = await addAgent(api.db, { registered: true });
    const cookie = await logInAs(api, { npn });
    for (const text of notText) {
      const answers = await Promise.all([
        api.call('POST /v1/session', { body: { username: text, password: 'x' } }),
        api.call('POST /v1/session', { body: { username: 'x', password: text } }),
        api.call('POST /v1/invitations/lookup', { body: { token: text } }),
        api.call(`POST /v1/ops/agents/${npn}/hold`, { cookie: ops, body: { reason: text } }),
        api.call('POST /v1/ops/intake/pause', {
          cookie: ops,
          body: { state: 'UT', reason: 'r', notice: { es: text } },
        }),
        api.call('POST /v1/me/terms/terms-of-use/acceptance', { cookie, body: { version: text } }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 422]);
    }
  });

  test('in text that ops paste, marks of direction are removed and tabs become spaces; line breaks and joiners stay', async () => {
    const ops = await logInAs(api, { role: 'ops' });
    const npn = await addAgent(api.db, { registered: true });
    const hold = (reason: string) =>
      api.call(`POST /v1/ops/agents/${npn}/hold`, { cookie: ops, body: { reason } });
    expect((await hold('\u202a(801)\t555-0123\u202c:\r\nsí, y «así» ✅️ علی\u200cرضا')).status).toBe(200);
    const { reason } = await api.db
      .selectFrom('opsActions')
      .select('reason')
      .where('npn', '=', npn)
      .executeTakeFirstOrThrow();
    expect(reason).toBe('(801) 555-0123:\nsí, y «así» ✅️ علی\u200cرضا');
  });
});

describe('the name of a request for help', () => {
  test.each([
    ['Claim 900 USD at https://prize.example/win', 'holds-address'],
    ['prize.com', 'holds-address'],
    ['ana＠prize', 'holds-address'],
    ['prize｡com', 'holds-address'],
    ['Call 1-800-555-0199', 'holds-number'],
    ['Ana\u202eReyes', 'holds-invisible'],
    ['Ana\nReyes', 'holds-invisible'],
    ['Ana\u2028Reyes', 'holds-invisible'],
    ['Ana\u0085Reyes', 'holds-invisible'],
    [`Z${'\u0301'.repeat(20)}`, 'not-a-name'],
    ['   ', 'not-a-name'],
  ])('%j is refused', async (name, code) => {
    const answer = await request({ name });
    expect([answer.status, codesOf(answer)]).toEqual([422, { '/name': code }]);
    expect(answer.text).not.toMatch(/prize|Claim/);
  });

  test.each(["O'Brien-Smith", 'María José Ñuñez', 'Nguyễn', 'D. J. St. John', '王小明', 'علی\u200cرضا', 'O'])(
    '%s is accepted as it is',
    async (name) => {
      const answer = await request({ name });
      expect(answer.status).toBe(201);
      expect(await storedContact(api.db, String(answer.json['id']))).toMatchObject({ name });
    },
  );
});

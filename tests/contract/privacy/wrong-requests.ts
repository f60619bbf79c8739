import { randomUUID } from 'node:crypto';
import { access } from '../../../api/access.ts';
import type { Stack } from '../../harness/stack.ts';
import { invalidInput } from './marked-people.ts';
import type { StoredText } from './marks.ts';

interface Request {
  method: string;
  path: string;
  body?: string;
  headers?: Record<string, string>;
}

/** Sends requests and collects their answers. */
export interface Answers {
  answers: StoredText[];
  /** Resolves with the status of the answer. */
  send: (request: Request) => Promise<number>;
}

/** Creates a client that saves the problems and reports it receives. */
export function createAnswers({ apiUrl }: Stack): Answers {
  const answers: StoredText[] = [];
  return {
    answers,
    async send({ method, path, body, headers }: Request): Promise<number> {
      const response = await fetch(new URL(path, apiUrl), { method, body, headers });
      const text = `${await response.text()} ${JSON.stringify([...response.headers])}`;
      // a success may contain a person's own data; the report of a feed is read by others
      if (!response.ok || path.startsWith('/v1/feeds/'))
        answers.push({ where: `${response.status} to ${method} ${path.split('?')[0]}`, text });
      return response.status;
    },
  };
}

const { name, email, phone, zip, username, password } = invalidInput;

/** Bodies that every route refuses, each with personal data. */
const wrongBodies: readonly string[] = [
  `{"name": "${name}", "email": "${email}", "phone": ${phone}`,
  `"${name} ${email}"`,
  JSON.stringify([name, email, phone, zip]),
  JSON.stringify({
    name: [name],
    email: { address: email },
    phone: [phone],
    zip: `${zip}-${name}`,
    username,
    password,
  }),
  JSON.stringify({
    token: email,
    name,
    firstName: name,
    email: `${email} ${name}`,
    phone: `${phone}${phone}`,
    zip: `${zip} `,
    username: `${username} ${name}`,
    password: `${password} ${name}`,
    contactPreference: email,
    language: name,
    languages: [name, email],
    states: [name],
    need: name,
    version: email,
    reason: `${name}, ${phone}`,
    outcome: `${name}, ${phone}`,
    endpoint: `https://${email}/${phone}`,
    keys: { p256dh: email, auth: password },
    consent: { version: name, language: email },
    coverageYear: phone,
    termsOfUseVersion: name,
    adult: name,
  }),
  JSON.stringify({ notes: `${name} ${email} ${phone} `.repeat(3_000) }),
];

/** Calls every writing route with invalid bodies, and every route with invalid paths. */
export async function sendWrongRequests(
  { send }: Answers,
  callers: { apiUrl: string; cookie: string; token: string; referralId: string; feedsKey: string },
): Promise<void> {
  const { apiUrl, cookie, token, referralId, feedsKey } = callers;
  for (const key of Object.keys(access)) {
    const [method = '', pattern = ''] = key.split(' ');
    const bearer = pattern.startsWith('/v1/feeds') ? feedsKey : token;
    const headers = {
      cookie,
      origin: new URL(apiUrl).origin,
      authorization: `Bearer ${bearer}`,
      'idempotency-key': randomUUID(),
      'user-agent': `${name} ${email}`,
    };
    const path = pattern
      .replace(':id', referralId)
      .replace(':npn', '1')
      .replace(':kind', 'terms-of-use')
      .replace(':zip', 'x');
    // logging out succeeds with any body, and streams do not end
    if (key === 'DELETE /v1/session' || pattern.endsWith('/events')) continue;
    await send({ method, path: `${path}?zip=${zip}&email=${encodeURIComponent(email)}`, headers });
    await send({ method, path: pattern.replaceAll(/:\w+/g, encodeURIComponent(email)), headers });
    await send({ method: 'PUT', path: `${path}/${encodeURIComponent(name)}`, headers });
    if (method === 'GET' || method === 'PUT') continue;
    for (const body of wrongBodies)
      await send({ method, path, body, headers: { ...headers, 'content-type': 'application/json' } });
    await send({ method, path, body: `name=${name}`, headers: { ...headers, 'content-type': 'text/plain' } });
  }
}

/** Logs in with wrong usernames and passwords, and calls routes with invalid credentials. */
export async function sendWrongCredentials({ send }: Answers, { username: known }: { username: string }) {
  const json = { 'content-type': 'application/json' };
  for (const attempted of [known, username])
    await send({
      method: 'POST',
      path: '/v1/session',
      headers: json,
      body: JSON.stringify({ username: attempted, password }),
    });
  await send({ method: 'GET', path: '/v1/me/profile', headers: { cookie: `session=${password}` } });
  await send({ method: 'PUT', path: '/v1/feeds/licenses', headers: { authorization: `Bearer ${password}` } });
}

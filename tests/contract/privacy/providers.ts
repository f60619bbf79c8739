import type { PushDevices } from '../../../api/schemas/agents/push-subscriptions.ts';
import type { Stack } from '../../harness/stack.ts';

/** A fault of a fake provider. Its `message` quotes the person whom it was to reach. */
export interface ProviderFault {
  channel: 'email' | 'text' | 'push';
  kind: 'outage' | 'refuse' | 'delay' | 'bounce' | 'undelivered';
  to: string;
  message?: string;
  delayMs?: number;
  times?: number;
}

/** Makes the fake mailbox fail. */
export async function failProvider({ mailboxUrl }: Stack, fault: ProviderFault): Promise<void> {
  const answer = await post(`${mailboxUrl}/faults`, fault);
  if (!answer.ok) throw new Error(`There is no such fault: ${await answer.text()}`);
}

/** Reads the faults that have not happened yet. */
export async function pendingFaults({ mailboxUrl }: Stack): Promise<ProviderFault[]> {
  return (await (await fetch(`${mailboxUrl}/faults`)).json()) as ProviderFault[];
}

/** Subscribes an agent's browser to pushes. @returns the subscription's endpoint */
export async function subscribe(stack: Stack, cookie: string): Promise<string> {
  const { body: known } = await stack.user.expect<PushDevices>('GET', 'me/push-subscriptions', { cookie });
  const { applicationServerKey } = known;
  const answer = await post(`${stack.mailboxUrl}/push/subscriptions`, { applicationServerKey });
  const body = (await answer.json()) as { endpoint: string };
  await stack.user.expect('POST', 'me/push-subscriptions', { cookie, body });
  return body.endpoint;
}

/** Makes the providers report about an agent: the mail bounces, and the phone sends an unclear reply. */
export async function sendProviderReports(
  { mailboxUrl, user, db }: Stack,
  { npn, email, phone, lastName }: { npn: string; email: string; phone: string; lastName: string },
): Promise<void> {
  const { id } = await user.message(email);
  await post(`${mailboxUrl}/messages/${id}/outcomes`, { is: 'bounced' });
  await post(`${mailboxUrl}/texts`, { from: phone, text: `This is ${lastName}, my address is ${email}` });
  await user.until('both to be recorded', async () => {
    const events = await db
      .selectFrom('events')
      .select('kind')
      .distinct()
      .where('subjectId', 'like', `${npn}-%`)
      .where('kind', 'in', ['mail-returned', 'texts-stopped'])
      .execute();
    return events.length === 2 ? true : undefined;
  });
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

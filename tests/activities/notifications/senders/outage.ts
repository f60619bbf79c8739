import { SendOutage } from '../../../../activities/notifications/senders/send-outage.ts';

/** Returns the outage that a send throws; anything else fails the test. */
export async function outageOf(send: Promise<unknown>): Promise<SendOutage> {
  const end = await send.catch((thrown: unknown) => thrown);
  if (end instanceof SendOutage) return end;
  throw new Error('expected an outage', { cause: end });
}

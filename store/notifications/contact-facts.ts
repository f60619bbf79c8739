import { sql } from 'kysely';
import type { ContactFacts } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';

/** What decides how agent `a` of a query can be reached now; its columns are `ContactFacts`. */
export const contactColumns = sql`
  a.contact_preference, a.phone, a.phone_line_type,
  a.email_undeliverable_at is not null as email_undeliverable,
  a.phone_confirmed_at is not null as phone_confirmed,
  a.phone_must_be_confirmed as require_confirmed_phone,
  exists (select from text_opt_outs t where t.phone = a.phone) as texts_stopped,
  exists (select from push_subscriptions p where p.npn = a.npn and p.gone_at is null) as has_push_subscription`;

/** What decides how an agent can be reached now; undefined where there is no such agent. */
export async function readContactFacts(tx: Tx, npn: string): Promise<ContactFacts | undefined> {
  const { rows } =
    await sql<ContactFacts>`select ${contactColumns} from agents a where a.npn = ${npn}`.execute(tx);
  return rows[0];
}

import { z } from 'zod';
import { opsRoles } from '../../../domain/accounts/roles.ts';
import { id, instant } from '../fields.ts';
import { typedUsername } from '../onboarding/registrations.ts';
import { reason } from '../ops/ops-actions.ts';

const role = z.enum(opsRoles).meta({
  id: 'OpsRole',
  description:
    '`ops` work with agents and referrals; `ops-admin` also administer accounts and keys; an `auditor` reads the decisions ' +
    'about referrals and the audit, and changes nothing',
});

/** An account of somebody who is not an agent. */
export const opsAccount = z
  .strictObject({
    id,
    username: z.string(),
    role,
    createdAt: instant,
    deactivatedAt: instant.nullable().meta({ description: 'Null while it can be used' }),
  })
  .meta({ id: 'OpsAccount' });
export type OpsAccount = z.infer<typeof opsAccount>;

/** `GET /v1/ops/accounts`, by username */
export const opsAccountList = z
  .strictObject({ accounts: z.array(opsAccount) })
  .meta({ id: 'OpsAccountList' });
export type OpsAccountList = z.infer<typeof opsAccountList>;

/** `POST /v1/ops/accounts` */
export const newOpsAccount = z
  .strictObject({ username: typedUsername, role, reason })
  .meta({ id: 'NewOpsAccount' });
export type NewOpsAccount = z.infer<typeof newOpsAccount>;

/** An account with the password that was generated for it. No other response has it. */
export const opsAccountPassword = z
  .strictObject({ account: opsAccount, password: z.string().meta({ description: 'Shown only now' }) })
  .meta({ id: 'OpsAccountPassword' });
export type OpsAccountPassword = z.infer<typeof opsAccountPassword>;

/** `POST /v1/ops/accounts/{id}/role` */
export const roleChange = z.strictObject({ role, reason }).meta({ id: 'RoleChange' });
export type RoleChange = z.infer<typeof roleChange>;

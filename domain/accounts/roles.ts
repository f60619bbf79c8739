/**
 * Roles of people who are not agents. `ops` work with agents and referrals; `ops-admin` also administer accounts and
 * keys; an `auditor` reads records and changes nothing.
 */
export const opsRoles = ['ops', 'ops-admin', 'auditor'] as const;
export type OpsRole = (typeof opsRoles)[number];

/** Roles of accounts. An account has one. */
export const roles = ['agent', ...opsRoles] as const;
export type Role = (typeof roles)[number];

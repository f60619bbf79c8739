import type { DatabaseLogin } from '../../../store/database/users.ts';

/** The users of the tests' Postgres, as in production; the superuser is the `hod` of the server host. */
export const databaseUsers = {
  migrations: { name: 'hod_migrations', password: 'tests' },
  application: { name: 'hod_application', password: 'tests' },
  retention: { name: 'hod_retention', password: 'tests' },
  analytics: { name: 'hod_analytics', password: 'tests' },
};

/** The URL of a database with another user. */
export function asUser(url: string, { name, password }: DatabaseLogin): string {
  return Object.assign(new URL(url), { username: name, password }).href;
}

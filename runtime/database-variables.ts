import { z } from 'zod';
import { isUrl, secret } from './variable-kinds.ts';

const address = () =>
  z.string().refine((text) => isUrl(text, ['postgres:', 'postgresql:']), 'must be a postgres:// URL');

const example = (user: string) => `postgres://${user}:password@db.example.org:5432/hod`;

/** Variables that name the database, each with the user who connects. Without those of other users one does every job. */
export const databaseVariables = {
  DATABASE_URL: secret(
    address(),
    'the Postgres database, as the application uses it',
    example('hod_application'),
  ),
  DATABASE_DIRECT_URL: secret(
    address().optional(),
    'the database past a pooler that DATABASE_URL goes through, for LISTEN and migrations, which need a session of their own',
    example('hod_application'),
  ),
  MIGRATION_DATABASE_URL: secret(
    address().optional(),
    'the database with the user who owns its tables and migrates them; DATABASE_URL then needs no such rights',
    example('hod_migrations'),
  ),
  RETENTION_DATABASE_URL: secret(
    address().optional(),
    'the database with the user who deletes and erases what is past its time; DATABASE_URL then needs no such rights',
    example('hod_retention'),
  ),
  ANALYTICS_DATABASE_URL: secret(
    address().optional(),
    'the database with a user who only reads figures without personal data; migrations grant them what they see',
    example('hod_analytics'),
  ),
  SETUP_DATABASE_URL: secret(
    address(),
    'the database with a superuser, who makes the other users; only for a server that is ours alone',
    example('postgres'),
  ),
  TEMPORAL_DATABASE_URL: secret(
    address().optional(),
    "a database of Temporal with the user who owns both of them, where Temporal's are on the same server",
    'postgres://hod_temporal:password@db.example.org:5432/temporal',
  ),
};

import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { LineType } from '../domain/notifications/contact.ts';
import type { Policy } from '../domain/policy.ts';
import type { Database } from '../store/database/connection.ts';
import type { SnsSettings } from './auth/sns-client.ts';
import type { LiveEvents } from './http/live-events.ts';
import type { RateLimitSettings } from './http/rate-limits.ts';

export interface WebhookSettings extends SnsSettings {
  twilioAuthToken: string;
}

/** What the environment decides about the doors. */
export interface ApiSettings {
  /** Where the world sees portal and API, without a slash at its end. */
  publicUrl: string;
  feedsKey: string;
  linkSecret: string;
  policy: Policy;
  /** The VAPID public key that browsers subscribe with. */
  pushPublicKey: string;
  /** How long the answer of a workflow is waited for (rule 3). */
  updateTimeoutMs: number;
  /** What providers sign their webhooks by; without it none is let in. */
  webhooks?: WebhookSettings;
  /** Limits that differ from `defaultRateLimits`. */
  rateLimits?: Partial<RateLimitSettings>;
  /** How many proxies stand in front and set `X-Forwarded-For`; none without it. */
  proxies?: number;
}

/** What the doors stand on; everything comes in from `main.ts` or a test. */
export interface AppDeps {
  db: Database;
  /** For the feeds, whose imports hold a connection for long. */
  feedsPool: Pool;
  temporal: Client;
  settings: ApiSettings;
  log: Logger;
  events: LiveEvents;
  /** What kind of line an E.164 number is; a failure counts as not known. */
  lineTypeLookup?: (phone: string) => Promise<LineType>;
  /** Whether we may post to a push endpoint; without it none is taken. */
  isPushEndpoint?: (endpoint: string) => boolean;
  /** The folder of the built portal. */
  portalFolder?: string;
  now?: () => Date;
}

/** The same with what may be left out filled in. */
export type Deps = AppDeps & { now: () => Date };

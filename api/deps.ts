import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { SessionPolicy } from '../domain/accounts/session-policy.ts';
import type { LineType } from '../domain/notifications/contact.ts';
import type { Policy } from '../domain/policy.ts';
import type { Database, ImportPool } from '../store/database/connection.ts';
import type { Keyring } from '../store/encryption/keyring.ts';
import type { SnsSettings } from './auth/sns-client.ts';
import type { RateLimitSettings } from './http/requests/rate-limits.ts';
import type { LiveEvents } from './http/streams/live-events.ts';

export interface WebhookSettings extends SnsSettings {
  twilioAuthToken: string;
}

/** Settings of the API, read from the environment. */
export interface ApiSettings {
  /** Public URL of the portal and the API, without a trailing slash. */
  publicUrl: string;
  feedsKey: string;
  linkSecret: string;
  policy: Policy;
  sessions: SessionPolicy;
  /** Address for reports of security problems, as `security.txt` gives it: mailto: or https:. */
  securityContact: string;
  /** VAPID public key that browsers subscribe with. */
  pushPublicKey: string;
  /** Milliseconds to wait for the result of a workflow update (docs/architecture.md, rule 3). */
  updateTimeoutMs: number;
  /** Secrets and topic that authenticate webhooks; without them every webhook call is refused. */
  webhooks?: WebhookSettings;
  /** Limits that differ from `defaultRateLimits`. */
  rateLimits?: Partial<RateLimitSettings>;
  /** Number of proxies in front that set `X-Forwarded-For`; default: none. */
  proxies?: number;
}

/** Dependencies of the API, passed in by `main.ts` or a test. */
export interface AppDeps {
  db: Database;
  /** Separate pool for feed imports, which use a connection for minutes. */
  feedsPool: ImportPool;
  temporal: Client;
  /** Encrypts, decrypts and finds the contacts of consumers. */
  keyring: Keyring;
  settings: ApiSettings;
  log: Logger;
  events: LiveEvents;
  /** Looks up the line type of an E.164 number; a failure counts as unknown. */
  lineTypeLookup?: (phone: string) => Promise<LineType>;
  /** Recognizes URLs of known push services; without it every subscription is refused. */
  isPushEndpoint?: (endpoint: string) => boolean;
  /** Folder of the built portal; without it the API serves no pages. */
  portalFolder?: string;
  now?: () => Date;
}

/** Dependencies with the clock filled in. */
export type Deps = AppDeps & { now: () => Date };

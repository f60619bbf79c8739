import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import webPush from 'web-push';
import { readJson, writePrivateJson } from './services/private-files.ts';

/** Secrets that the parts of one `npm start` share. */
export interface Secrets {
  /** Of the superuser, who makes the others. */
  postgresPassword: string;
  applicationPassword: string;
  migrationsPassword: string;
  retentionPassword: string;
  analyticsPassword: string;
  linkSecret: string;
  /** As `MASTER_KEY`: after a rotation two keys, the new one first. */
  masterKey: string;
  feedsKey: string;
  twilioAccountSid: string;
  twilioAuthToken: string;
  vapidPublicKey: string;
  vapidPrivateKey: string;
}

/**
 * Reads the secrets of a data folder, readable by their owner only. Creates those that are not there: all the first time,
 * later those that an earlier version did not have.
 */
export function readSecrets(dataDir: string): Secrets {
  const path = secretsFile(dataDir);
  const known = readJson(path) as Partial<Secrets> | undefined;
  const secrets: Secrets = { ...createSecrets(), ...known };
  if (Object.keys(secrets).length > Object.keys(known ?? {}).length) writePrivateJson(path, secrets);
  return secrets;
}

function createSecrets(): Secrets {
  const vapid = webPush.generateVAPIDKeys();
  const password = () => randomBytes(24).toString('base64url');
  return {
    postgresPassword: password(),
    applicationPassword: password(),
    migrationsPassword: password(),
    retentionPassword: password(),
    analyticsPassword: password(),
    linkSecret: randomBytes(32).toString('hex'),
    masterKey: randomBytes(32).toString('base64'),
    feedsKey: randomBytes(32).toString('hex'),
    twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: randomBytes(16).toString('hex'),
    vapidPublicKey: vapid.publicKey,
    vapidPrivateKey: vapid.privateKey,
  };
}

/** Path of the secrets. A folder that has this file is a data folder of `npm start`. */
export function secretsFile(dataDir: string): string {
  return join(dataDir, 'secrets.json');
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import webPush from 'web-push';
import { readJson, writePrivateJson } from './services/private-files.ts';

/** Secrets that the parts of one `npm start` share. */
export interface Secrets {
  postgresPassword: string;
  linkSecret: string;
  feedsKey: string;
  twilioAccountSid: string;
  twilioAuthToken: string;
  vapidPublicKey: string;
  vapidPrivateKey: string;
}

/** Reads the secrets of a data folder. Creates them the first time, readable by their owner only. */
export function readSecrets(dataDir: string): Secrets {
  const path = secretsFile(dataDir);
  const known = readJson(path) as Secrets | undefined;
  if (known !== undefined) return known;
  const vapid = webPush.generateVAPIDKeys();
  const secrets: Secrets = {
    postgresPassword: randomBytes(24).toString('base64url'),
    linkSecret: randomBytes(32).toString('hex'),
    feedsKey: randomBytes(32).toString('hex'),
    twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: randomBytes(16).toString('hex'),
    vapidPublicKey: vapid.publicKey,
    vapidPrivateKey: vapid.privateKey,
  };
  writePrivateJson(path, secrets);
  return secrets;
}

/** Path of the secrets. A folder that has this file is a data folder of `npm start`. */
export function secretsFile(dataDir: string): string {
  return join(dataDir, 'secrets.json');
}

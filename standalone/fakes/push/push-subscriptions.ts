import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openStoredMap } from '../stored-map.ts';
import { createDeviceKeys, type DeviceKeys } from './push-crypto.ts';

export interface DeviceSubscription {
  id: string;
  keys: DeviceKeys;
  /** The VAPID key that the subscription is restricted to; without one any sender may push. */
  applicationServerKey?: string;
  /** True once the subscription has ended; its endpoint then answers 410. */
  isGone: boolean;
}

export interface DeviceSubscriptions {
  create(applicationServerKey?: string): DeviceSubscription;
  find(id: string): DeviceSubscription | undefined;
  end(id: string): void;
}

export function openDeviceSubscriptions(dataDir: string | undefined, keep: number): DeviceSubscriptions {
  const file = dataDir === undefined ? undefined : join(dataDir, 'outbox', 'push-subscriptions.jsonl');
  const subscriptions = openStoredMap<DeviceSubscription>(file, keep);
  return {
    create(applicationServerKey) {
      const created = { id: randomUUID(), keys: createDeviceKeys(), applicationServerKey, isGone: false };
      subscriptions.set(created.id, created);
      return created;
    },
    find: (id) => subscriptions.get(id),
    end(id) {
      const found = subscriptions.get(id);
      if (found !== undefined) subscriptions.set(id, { ...found, isGone: true });
    },
  };
}

/** An event whose work keeps the worker alive until it is done. */
export interface WorkerEvent extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}

export interface FetchEvent extends WorkerEvent {
  readonly request: Request;
  respondWith: (response: Promise<Response>) => void;
}

export interface PushEvent extends WorkerEvent {
  readonly data: { json: () => unknown } | null;
}

export interface NotificationEvent extends WorkerEvent {
  readonly notification: Notification;
  /** The action that was pressed; empty for the notification itself. */
  readonly action: string;
}

interface WorkerEvents {
  install: WorkerEvent;
  activate: WorkerEvent;
  fetch: FetchEvent;
  push: PushEvent;
  notificationclick: NotificationEvent;
  pushsubscriptionchange: WorkerEvent;
}

interface WindowClient {
  readonly url: string;
  focus: () => Promise<unknown>;
}

/**
 * What the service worker uses of `ServiceWorkerGlobalScope`. TypeScript has the types of pages or of workers in one
 * program, not of both.
 */
export interface WorkerScope {
  readonly location: Location;
  readonly navigator: Navigator;
  readonly registration: ServiceWorkerRegistration;
  readonly caches: CacheStorage;
  readonly fetch: typeof fetch;
  readonly clients: {
    claim: () => Promise<void>;
    matchAll: (options: { type: 'window'; includeUncontrolled: boolean }) => Promise<readonly WindowClient[]>;
    openWindow: (url: string) => Promise<unknown>;
  };
  skipWaiting: () => Promise<void>;
  addEventListener: <Kind extends keyof WorkerEvents>(
    kind: Kind,
    listener: (event: WorkerEvents[Kind]) => void,
  ) => void;
}

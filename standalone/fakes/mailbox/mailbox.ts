import { once, setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { createBackgroundTasks } from '../background-tasks.ts';
import { createFaults, faultsRouter } from '../faults.ts';
import { pushRouter } from '../push/push.ts';
import { openDeviceSubscriptions } from '../push/push-subscriptions.ts';
import { dataCatalogRouter } from '../registries/data-catalog.ts';
import { niprRouter } from '../registries/nipr.ts';
import { sesRouter } from '../ses/ses.ts';
import { createSns } from '../ses/sns.ts';
import { twilioRouter } from '../twilio/twilio.ts';
import { openOptOuts } from '../twilio/twilio-opt-outs.ts';
import { repliesRouter } from '../twilio/twilio-replies.ts';
import { openMessageStore } from './message-store.ts';
import { messagesRouter } from './messages.ts';

const defaultTopicArn = 'arn:aws:sns:us-east-1:000000000000:ses-events';

export interface MailboxSettings {
  /** Twilio's auth token: clients log in with it, and callbacks are signed with it. */
  twilioAuthToken: string;
  /** Folder that keeps messages and push subscriptions over a restart; without it they are kept in memory. */
  dataDir?: string;
  /** Webhook that SNS posts deliveries and bounces of mail to; called for each event. */
  sesNotificationUrl?: () => string | undefined;
  /** SNS topic of those events. */
  sesTopicArn?: string;
  /** Webhook that Twilio posts incoming texts to. */
  twilioMessagesUrl?: () => string | undefined;
  /** File in the format of the license feed: the content of the license registry. */
  licensesFile?: string;
  /** File in the format of the Registration Completion List: the dataset of the data catalog. */
  completionList?: string;
  /** Time between two statuses of a message, in milliseconds. */
  stepMs: number;
  /** Number of messages that are kept; the oldest are removed first. */
  maxMessages: number;
}

export interface Mailbox {
  /**
   * Listens on this machine only; port 0 picks a free one.
   * @returns the address, `http://127.0.0.1:<port>`
   * @throws the system's error, for example with code `EADDRINUSE`
   */
  listen(port: number): Promise<string>;
  address(): string;
  /** Closes at once: aborts open requests, pauses and callbacks in progress. */
  close(): Promise<void>;
}

/** Serves the fakes of all providers on one port, and a page that lists the messages they received. */
export function createMailbox(settings: MailboxSettings): Mailbox {
  const closing = new AbortController();
  // every message in progress listens to this signal
  setMaxListeners(0, closing.signal);
  const server = createServer();
  // long enough that a client which is busy for some seconds can still reuse its connection
  server.keepAliveTimeout = 75_000;
  const address = () => addressOf(server);

  return {
    address,
    async listen(port) {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      // opened after the port is bound, because two processes must not write the stored messages
      server.on('request', createApp(settings, address, closing.signal));
      return address();
    },
    async close() {
      closing.abort();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function createApp(settings: MailboxSettings, origin: () => string, closing: AbortSignal): Express {
  const { twilioAuthToken: authToken, dataDir, maxMessages } = settings;
  const store = openMessageStore(dataDir, maxMessages);
  const subscriptions = openDeviceSubscriptions(dataDir, maxMessages);
  const faults = createFaults();
  const optOuts = openOptOuts(dataDir, maxMessages);
  const background = createBackgroundTasks(settings.stepMs, closing);

  const app = express();
  app.disable('x-powered-by');
  app.use(onlyFromThisMachine, pagePolicy());
  app.use(express.static(fileURLToPath(new URL('page', import.meta.url))));
  app.use(messagesRouter(store));
  app.use(faultsRouter(faults));
  app.use(dataCatalogRouter({ faults, file: settings.completionList }));
  app.use(niprRouter({ faults, licensesFile: settings.licensesFile }));
  app.use(twilioRouter({ store, faults, optOuts, background, authToken }));
  app.use(pushRouter({ store, faults, subscriptions, origin }));
  const { sesTopicArn: topicArn = defaultTopicArn, sesNotificationUrl: notificationUrl = () => undefined } =
    settings;
  const sns = createSns(topicArn, origin);
  app.use(sns.router);
  app.use(
    repliesRouter({
      store,
      optOuts,
      authToken,
      messagesUrl: settings.twilioMessagesUrl ?? (() => undefined),
    }),
  );
  app.use(sesRouter({ store, faults, background, sns, notificationUrl }));
  return app;
}

/** Refuses other host names: a website could otherwise read the mail here through DNS rebinding. */
const onlyFromThisMachine: RequestHandler = (request, response, next) => {
  if (['127.0.0.1', 'localhost'].includes(request.hostname)) next();
  else response.status(421).type('text').send('The mailbox answers on 127.0.0.1 and localhost only.');
};

function pagePolicy(): RequestHandler {
  const own = ["'self'"];
  const none = ["'none'"];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: none,
        scriptSrc: own,
        styleSrc: own,
        imgSrc: own,
        connectSrc: own,
        frameSrc: own,
        baseUri: none,
        formAction: none,
        frameAncestors: none,
      },
    },
    strictTransportSecurity: false,
    originAgentCluster: false,
  });
}

function addressOf(server: Server): string {
  const bound = server.address() as AddressInfo | null;
  if (bound === null) throw new Error('the mailbox is not listening');
  return `http://127.0.0.1:${bound.port}`;
}

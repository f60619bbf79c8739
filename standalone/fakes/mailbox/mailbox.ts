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
  /** Twilio's: clients must know it, and callbacks are signed with it. */
  twilioAuthToken: string;
  /** Messages and push subscriptions outlive a restart here; in memory without it. */
  dataDir?: string;
  /** Where deliveries and bounces of mail are told, in the form of SNS; asked anew each time. */
  sesNotificationUrl?: () => string | undefined;
  /** The topic that they are published to. */
  sesTopicArn?: string;
  /** Where Twilio hands in what people text us. */
  twilioMessagesUrl?: () => string | undefined;
  /** A file in the form of the license feed: what the registry knows. */
  licensesFile?: string;
  /** A file in the form of the Registration Completion List: what the data catalog publishes. */
  completionList?: string;
  /** Time between two steps of a message's life, in milliseconds. */
  stepMs: number;
  /** How many messages are kept; the oldest go first. */
  maxMessages?: number;
}

export interface Mailbox {
  /**
   * Listens on this machine only; port 0 picks a free one.
   * @returns the address, `http://127.0.0.1:<port>`
   * @throws the system's error, for example with code `EADDRINUSE`
   */
  listen(port: number): Promise<string>;
  address(): string;
  /** Ends at once: open requests, pauses and callbacks under way are cut off. */
  close(): Promise<void>;
}

/** The doubles of SES, Twilio and a push service behind one port, and the page that shows what they got. */
export function createMailbox(settings: MailboxSettings): Mailbox {
  const closing = new AbortController();
  // every message on its way waits on it
  setMaxListeners(0, closing.signal);
  const server = createServer();
  // a caller that was too busy for some seconds must not find its connection closed under it
  server.keepAliveTimeout = 75_000;
  const address = () => addressOf(server);

  return {
    address,
    async listen(port) {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      // only now: the stored messages belong to whoever has the port
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
  const { twilioAuthToken: authToken, dataDir, maxMessages = 10_000 } = settings;
  const store = openMessageStore(dataDir, maxMessages);
  const subscriptions = openDeviceSubscriptions(dataDir, maxMessages);
  const faults = createFaults();
  const optOuts = openOptOuts(dataDir, maxMessages);
  const later = createBackgroundTasks(settings.stepMs, closing);

  const app = express();
  app.disable('x-powered-by');
  app.use(onlyFromThisMachine, pagePolicy());
  app.use(express.static(fileURLToPath(new URL('page', import.meta.url))));
  app.use(messagesRouter(store));
  app.use(faultsRouter(faults));
  app.use(dataCatalogRouter({ faults, file: settings.completionList }));
  app.use(niprRouter({ faults, licensesFile: settings.licensesFile }));
  app.use(twilioRouter({ store, faults, optOuts, background: later, authToken }));
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
  app.use(sesRouter({ store, faults, background: later, sns, notificationUrl }));
  return app;
}

/** A foreign page could else read the mails here, under a name of its own that it points at this machine. */
const onlyFromThisMachine: RequestHandler = (request, response, next) => {
  if (['127.0.0.1', 'localhost'].includes(request.hostname)) next();
  else response.status(421).type('text').send('The outbox answers on 127.0.0.1 and localhost only.');
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
  if (bound === null) throw new Error('the outbox is not listening');
  return `http://127.0.0.1:${bound.port}`;
}

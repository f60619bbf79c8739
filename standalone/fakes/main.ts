import { join } from 'node:path';
import { z } from 'zod';
import { ignoreClosedOutput, listenForStop } from '../../runtime/stop-signals.ts';
import { createMailbox } from './mailbox/mailbox.ts';

const settingsSchema = z.object({
  OUTBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(3_025),
  DATA_DIR: z.string().min(1).default('.data'),
  TWILIO_AUTH_TOKEN: z.string().min(1),
  SES_NOTIFICATION_URL: z.url().optional(),
  SES_TOPIC_ARN: z.string().optional(),
  PUBLIC_URL: z.url().optional(),
});

/** Runs the mailbox with settings from the environment until a signal ends it. */
async function main(): Promise<void> {
  const settings = settingsSchema.safeParse(process.env);
  if (!settings.success) return fail(z.prettifyError(settings.error));
  const { OUTBOX_PORT: port, DATA_DIR, TWILIO_AUTH_TOKEN, PUBLIC_URL } = settings.data;
  const { SES_NOTIFICATION_URL, SES_TOPIC_ARN } = settings.data;
  const mailbox = createMailbox({
    stepMs: 300,
    maxMessages: 10_000,
    twilioAuthToken: TWILIO_AUTH_TOKEN,
    dataDir: DATA_DIR,
    sesNotificationUrl: () => SES_NOTIFICATION_URL,
    sesTopicArn: SES_TOPIC_ARN,
    completionList: join(DATA_DIR, 'sample', 'registration-completions.csv'),
    licensesFile: join(DATA_DIR, 'sample', 'licenses.csv'),
    twilioMessagesUrl: () => PUBLIC_URL && new URL('/v1/webhooks/twilio/messages', PUBLIC_URL).href,
  });
  try {
    process.stdout.write(`The mailbox listens on ${await mailbox.listen(port)}\n`);
  } catch (thrown) {
    const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE';
    return fail(isTaken ? `Port ${port} is in use: set OUTBOX_PORT to a free one.` : String(thrown));
  }
  await listenForStop().received;
  await mailbox.close();
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

ignoreClosedOutput();
await main();

import express, { type Router } from 'express';
import type { MailboxMessage, MessageStore } from './message-store.ts';

/** Number of messages that the page lists; `GET /messages` returns all. */
const newestOnPage = 300;

/** Allows a mail its own styles and links that open a new tab. It loads, runs and submits nothing. */
const mailPolicy = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** Serves the messages that were sent, to tests and to the page. */
export function messagesRouter(store: MessageStore): Router {
  const router = express.Router();

  router.get('/messages', (request, response) => {
    const { to } = request.query;
    response.json(store.list(typeof to === 'string' ? to : undefined));
  });
  router.delete('/messages', (_request, response) => {
    store.clear();
    response.status(204).end();
  });
  router.get('/messages/:id', (request, response) => {
    const message = store.find(request.params.id);
    if (message === undefined) response.status(404).json({ title: 'no such message', status: 404 });
    else response.json(message);
  });
  router.get('/messages/:id/html', (request, response) => {
    const html = store.find(request.params.id)?.html;
    response.setHeader('Content-Security-Policy', mailPolicy);
    if (html === undefined) response.status(404).type('text').send('no html part');
    else response.type('html').send(withLinksInNewTabs(html));
  });
  router.get('/page/messages', (request, response) => {
    if (request.query['version'] === store.version()) {
      response.status(204).end();
      return;
    }
    const messages = store.list();
    response.json({
      version: store.version(),
      total: messages.length,
      messages: messages.slice(0, newestOnPage).map(messageSummary),
    });
  });
  return router;
}

/** Makes links open in a new tab. Inside the frame the sandbox would disable the scripts of the linked page. */
function withLinksInNewTabs(html: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => head + base) : base + html;
}

function messageSummary({ id, channel, to, subject, text, at, statuses }: MailboxMessage) {
  return { id, channel, to, subject, preview: text.slice(0, 160), at, status: statuses.at(-1)?.status };
}

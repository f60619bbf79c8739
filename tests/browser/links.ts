import type { Message } from '../../standalone/demo/http-user.ts';

/** The first of our links in a message. @throws an error when there is none */
export function linkIn({ text }: Message): string {
  const [link] = /https?:\/\/\S+#[\w-]+/.exec(text) ?? [];
  if (link === undefined) throw new Error('There is no link in the message');
  return link;
}

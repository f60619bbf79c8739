import type { Message } from '../../standalone/demo/http-user.ts';

const linkPattern = /https?:\/\/\S+#[\w-]+/;

/** Whether a message has one of our links: an agent can get others at the same time, such as that of a review. */
export function hasLink({ text }: Message): boolean {
  return linkPattern.test(text);
}

/** The first of our links in a message. @throws an error when there is none */
export function linkIn({ text }: Message): string {
  const [link] = linkPattern.exec(text) ?? [];
  if (link === undefined) throw new Error('There is no link in the message');
  return link;
}

import { render, toPlainText } from '@react-email/render';
import type { MailWords } from '../../../domain/text/notice-data.ts';
import { NoticeMail } from './notice-mail.tsx';

/** A mail as it is sent: the same words once as html and once as text. */
export async function renderMail(
  words: MailWords,
  language: string,
): Promise<{ subject: string; html: string; text: string }> {
  const html = await render(<NoticeMail words={words} language={language} />);
  const text = toPlainText(html, {
    wordwrap: false,
    selectors: [
      // capitals shout, and a mail address needs no mailto: beside it
      { selector: 'h1', options: { uppercase: false } },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, linkBrackets: false } },
    ],
  });
  return { subject: words.subject, html, text };
}

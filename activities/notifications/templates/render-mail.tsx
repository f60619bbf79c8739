import { render, toPlainText } from '@react-email/render';
import type { MailWords } from '../../../domain/text/notice-data.ts';
import { NoticeMail } from './notice-mail.tsx';

/** Renders a mail as HTML and as plain text, both with the same words. */
export async function renderMail(
  words: MailWords,
  language: string,
): Promise<{ subject: string; html: string; text: string }> {
  const html = await render(<NoticeMail words={words} language={language} />);
  const text = toPlainText(html, {
    wordwrap: false,
    selectors: [
      // no capitals in headings, and no mailto: link beside an address
      { selector: 'h1', options: { uppercase: false } },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, linkBrackets: false } },
    ],
  });
  return { subject: words.subject, html, text };
}

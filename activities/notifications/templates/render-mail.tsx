import { renderToStaticMarkup } from 'react-dom/server';
import type { MailLine } from '../../../domain/text/linked.ts';
import type { MailWords, Paragraph } from '../../../domain/text/notice-data.ts';
import { isList, NoticeMail } from './notice-mail.tsx';

/** The document type that mail programs lay out tables for; React writes none. */
const doctype =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">';

/** Renders a mail as HTML and as plain text, both with the same words. */
export function renderMail(
  words: MailWords,
  language: string,
): { subject: string; html: string; text: string } {
  const html = doctype + renderToStaticMarkup(<NoticeMail words={words} language={language} />);
  return { subject: words.subject, html, text: plainText(words) };
}

function plainText({ subject, paragraphs, action, afterAction = [], footer }: MailWords): string {
  const button = action ? [`${action.label}: ${action.url}`] : [];
  const blocks = [...paragraphs, ...button, ...afterAction, ...footer].map(blockText);
  return ['Help On Demand\n', lineText(subject), ...blocks].join('\n\n');
}

function blockText(paragraph: Paragraph): string {
  return isList(paragraph) ? paragraph.map((item) => ` * ${lineText(item)}`).join('\n') : lineText(paragraph);
}

/**
 * Writes a line as HTML shows it: on one line, whatever line breaks a value has. The address of a link follows its words
 * unless they are the address or the number.
 */
function lineText(line: MailLine): string {
  const parts = typeof line === 'string' ? [line] : line.parts;
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const { href, shown } = part;
      return /^(?:mailto|tel):/.test(href) || href === shown ? shown : `${shown} ${href}`;
    })
    .join('')
    .replaceAll(/[ \t\r\n\f\u200b]+/g, ' ')
    .trim();
}

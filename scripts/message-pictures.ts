import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { renderMail } from '../activities/notifications/templates/render-mail.tsx';
import type { NoticeKind } from '../domain/notifications/notices.ts';
import { catalogs } from '../domain/text/catalog.ts';
import type { MailWords } from '../domain/text/notice-data.ts';
import { noticeData, when } from './message-samples.ts';

type Language = keyof typeof catalogs;
type Write<Words> = (data: unknown, at: typeof when) => Words;
const languages = Object.keys(catalogs) as Language[];

/** A message in every language: how it is sent, and its words, one for each way. */
interface Message {
  name: string;
  /** What stands beside each other, as HTML documents. */
  columns: { title: string; html: string }[];
}

/** A picture is as wide as its columns, and as long as the longest of them. */
const columnPx = 640;

/** Takes a picture of each mail, as HTML and as plain text, and of each text, push and call, in every language side by side. */
export async function pictureMessages(
  browser: Browser,
  { folder, say }: { folder: string; say: (line: string) => void },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage({ deviceScaleFactor: 1 });
  for (const { name, columns } of [...mails(), ...shortMessages()]) {
    await page.setViewportSize({ width: columnPx * columns.length, height: 400 });
    await page.setContent(sheetOf(columns));
    const frames = await page.locator('iframe').all();
    for (const frame of frames)
      await frame.evaluate((element: HTMLIFrameElement) => {
        element.style.height = `${element.contentDocument?.documentElement.scrollHeight ?? 0}px`;
      });
    writeFileSync(join(folder, `${name}.png`), await page.screenshot({ fullPage: true }));
    say(`  ${name}.png`);
  }
  await page.close();
}

function mails(): Message[] {
  return Object.keys(catalogs.en.mail).map((kind) => ({
    name: `mail-${kind}`,
    columns: languages.flatMap((language) => {
      const write = catalogs[language].mail[kind as keyof typeof catalogs.en.mail] as Write<MailWords>;
      const { html, text } = renderMail(write(noticeData[kind as NoticeKind], when), language);
      return [
        { title: language, html },
        {
          title: `${language}, plain text`,
          html: `<pre style="white-space: pre-wrap">${escaped(text)}</pre>`,
        },
      ];
    }),
  }));
}

/** Texts, pushes, calls and answers to replies: one picture each, because they are short. */
function shortMessages(): Message[] {
  const ofKinds = (name: 'text' | 'push' | 'spoken'): Message => ({
    name: `all-${name}`,
    columns: languages.map((language) => {
      const rows = Object.entries(catalogs[language][name] as Record<string, Write<unknown>>).map(
        ([kind, write]) => rowOf(kind, write(noticeData[kind as NoticeKind], when)),
      );
      return { title: `${language}, ${name}`, html: rows.join('') };
    }),
  });
  const answers: Message = {
    name: 'all-answers',
    columns: languages.map((language) => ({
      title: `${language}, answers to replies`,
      html: Object.entries(catalogs[language].textAnswer)
        .map(([kind, answer]) => rowOf(kind, answer))
        .join(''),
    })),
  };
  return [ofKinds('text'), ofKinds('push'), ofKinds('spoken'), answers];
}

function rowOf(kind: string, words: unknown): string {
  const lines = typeof words === 'string' ? [words] : Object.values(words as Record<string, string>);
  const said = lines.map((line) => `<p>${escaped(line)}</p>`).join('');
  return `<h2 style="font: bold 14px sans-serif">${escaped(kind)}</h2><div style="font: 16px/1.4 sans-serif">${said}</div>`;
}

function sheetOf(columns: Message['columns']): string {
  const cells = columns.map(
    ({ title, html }) =>
      `<section><h1>${escaped(title)}</h1><iframe title="${escaped(title)}" srcdoc="${escaped(html)}"></iframe></section>`,
  );
  return `<!doctype html><style>
    body { display: flex; margin: 0; } section { width: ${columnPx}px; }
    h1 { font: bold 16px sans-serif; margin: 8px; } iframe { border: 0; width: 100%; }
  </style>${cells.join('')}`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

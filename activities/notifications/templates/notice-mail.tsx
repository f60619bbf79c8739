import type { CSSProperties, ReactNode } from 'react';
import type { MailLine } from '../../../domain/text/linked.ts';
import type { MailWords, Paragraph } from '../../../domain/text/notice-data.ts';

const color = {
  page: '#eef1f5',
  sheet: '#ffffff',
  text: '#1b2129',
  quiet: '#49535f',
  line: '#d3d9e0',
  brand: '#12395e',
  link: '#0a4f94',
} as const;

const font = "'Helvetica Neue', Helvetica, Arial, sans-serif";
const style = {
  body: { margin: 0, padding: 0, backgroundColor: color.page },
  outer: { backgroundColor: color.page, width: '100%' },
  margin: { padding: '24px 8px' },
  sheet: { width: '100%', maxWidth: '600px', margin: '0 auto' },
  brand: {
    backgroundColor: color.brand,
    color: '#ffffff',
    fontFamily: font,
    fontSize: '18px',
    fontWeight: 700,
    lineHeight: '24px',
    padding: '18px 32px',
  },
  content: { backgroundColor: color.sheet, color: color.text, fontFamily: font, padding: '28px 32px 20px' },
  heading: { margin: '0 0 20px', fontSize: '22px', lineHeight: '29px', fontWeight: 700 },
  paragraph: { margin: '0 0 16px', fontSize: '16px', lineHeight: '25px' },
  list: { margin: '0 0 16px', padding: '0 0 0 24px', fontSize: '16px', lineHeight: '25px' },
  item: { margin: '0 0 6px' },
  buttonRow: { margin: '8px 0 24px' },
  button: {
    display: 'inline-block',
    backgroundColor: color.link,
    borderRadius: '4px',
    color: '#ffffff',
    fontSize: '17px',
    fontWeight: 700,
    lineHeight: '24px',
    padding: '12px 26px',
    textDecoration: 'none',
  },
  link: { color: color.link, overflowWrap: 'anywhere' },
  number: { color: color.link, whiteSpace: 'nowrap' },
  footer: {
    backgroundColor: color.sheet,
    borderTop: `1px solid ${color.line}`,
    color: color.quiet,
    fontFamily: font,
    padding: '20px 32px 24px',
  },
  footerLine: { margin: '0 0 10px', fontSize: '13px', lineHeight: '20px' },
} as const satisfies Record<string, CSSProperties>;

/** The layout of every mail: a plain sheet of 600 px, at most one button, inline styles. */
export function NoticeMail({ words, language }: { words: MailWords; language: string }) {
  return (
    <html lang={language} dir="ltr">
      <head>
        <meta httpEquiv="Content-Type" content="text/html; charset=UTF-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light" />
        {/* mail programs must not turn other text into links, except phone numbers */}
        <meta name="format-detection" content="address=no, email=no, url=no" />
        <title>{words.subject}</title>
      </head>
      <body style={style.body}>
        <Table width="100%" style={style.outer}>
          <Row style={style.margin} align="center">
            <Table width={600} style={style.sheet}>
              <Row style={style.brand}>Help On Demand</Row>
              <Row style={style.content}>
                <Content words={words} />
              </Row>
              <Row style={style.footer}>
                {words.footer.map((line) => (
                  <p key={keyOf(line)} style={style.footerLine}>
                    {withLinks(line)}
                  </p>
                ))}
              </Row>
            </Table>
          </Row>
        </Table>
      </body>
    </html>
  );
}

function Content({ words: { subject, paragraphs, action, afterAction = [] } }: { words: MailWords }) {
  return (
    <>
      <h1 style={style.heading}>{subject}</h1>
      {paragraphs.map(paragraphOf)}
      {action && (
        <p style={style.buttonRow}>
          <a href={action.url} style={style.button}>
            {action.label}
          </a>
        </p>
      )}
      {afterAction.map(paragraphOf)}
    </>
  );
}

/** A layout table, because Outlook supports nothing else. Its role makes screen readers ignore it. */
function Table(props: { width: string | number; style: CSSProperties; children: ReactNode }) {
  const { children, ...rest } = props;
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} border={0} {...rest}>
      <tbody>{children}</tbody>
    </table>
  );
}

function Row(props: { style: CSSProperties; align?: 'left' | 'center'; children: ReactNode }) {
  const { style: cellStyle, align = 'left', children } = props;
  return (
    <tr>
      <td align={align} style={cellStyle}>
        {children}
      </td>
    </tr>
  );
}

function paragraphOf(paragraph: Paragraph) {
  if (!isList(paragraph)) {
    return (
      <p key={keyOf(paragraph)} style={style.paragraph}>
        {withLinks(paragraph)}
      </p>
    );
  }
  return (
    <ul key={paragraph.map(keyOf).join()} style={style.list}>
      {paragraph.map((item) => (
        <li key={keyOf(item)} style={style.item}>
          {withLinks(item)}
        </li>
      ))}
    </ul>
  );
}

export const isList = (paragraph: Paragraph): paragraph is readonly MailLine[] => Array.isArray(paragraph);
const keyOf = (line: MailLine) => (typeof line === 'string' ? line : JSON.stringify(line.parts));

/** Renders a sentence with its own links only; no other address in it becomes a link. */
function withLinks(line: MailLine): ReactNode {
  if (typeof line === 'string') return line;
  return line.parts.map((part, index) =>
    typeof part === 'string' ? (
      part
    ) : (
      <a
        key={`${index} ${part.href}`}
        href={part.href}
        style={part.href.startsWith('tel:') ? style.number : style.link}
      >
        {part.shown}
      </a>
    ),
  );
}

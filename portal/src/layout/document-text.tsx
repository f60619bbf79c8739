import { Markdown } from 'markdown-to-jsx/react';
import { useText } from '../portal-context.tsx';

// headings of a document are below the page's own, and they get no ids
const heading = (component: 'h3' | 'h4' | 'h5') => ({ component, props: { id: undefined } });

const options = {
  disableParsingRawHTML: true,
  overrides: { h1: heading('h3'), h2: heading('h4'), h3: heading('h5') },
};

/**
 * Legal text to read before agreeing to it. Can be scrolled with the keyboard too. The page's own heading is its name, so
 * the text's first heading is left out where it says the same.
 */
export function DocumentText({ name, version, text }: { name: string; version: string; text: string }) {
  const { words } = useText();
  return (
    <>
      {/* a region that scrolls has to be reached by keyboard */}
      <section
        className="hod-document"
        // whatever the page is in: their hash is of the English text
        lang="en"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, by keyboard too
        tabIndex={0}
        aria-label={words.document.region(name)}
      >
        <Markdown options={options}>{text.replace(`# ${name}\n`, '')}</Markdown>
      </section>
      <p className="ds-text-body--sm ds-u-margin-top--1">{words.document.version(version)}</p>
    </>
  );
}

import { type ReactNode, useEffect, useRef } from 'react';
import { NavigationType, useNavigationType } from 'react-router';
import { useLanguage, useText } from '../portal-context.tsx';

export interface PageProps {
  title: string;
  /** What the tab says where it differs, such as with a count before it. */
  tabTitle?: string;
  /** For pages of tables, which need the whole width. */
  wide?: boolean;
  children: ReactNode;
}

/**
 * A page's frame: its title in the tab and as the one `h1`. Whoever comes from another page of ours finds the focus
 * on the heading, as a page load would have it; the first page leaves it to the browser.
 */
export function Page({ title, tabTitle = title, wide = false, children }: PageProps) {
  const { words } = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  const moved = useNavigationType() !== NavigationType.Pop;
  const { language } = useLanguage();
  const last = useRef<{ title: string; language: string } | undefined>(undefined);
  useEffect(() => {
    document.title = words.title(tabTitle);
  }, [tabTitle, words]);
  useEffect(() => {
    const before = last.current;
    last.current = { title, language };
    // the same title in another language is no other page: the focus stays where it is
    const isOther = before ? before.title !== title && before.language === language : moved;
    if (isOther) heading.current?.focus();
  }, [title, language, moved]);
  return (
    <div className={wide ? 'hod-page hod-page--wide' : 'hod-page'}>
      <h1 ref={heading} tabIndex={-1} className="ds-text-heading--2xl">
        {title}
      </h1>
      {children}
    </div>
  );
}

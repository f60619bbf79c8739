import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { useLanguage, useText } from '../../portal-context.tsx';

export interface PageProps {
  title: string;
  /** Title of the tab, if it differs, for example with a count. */
  tabTitle?: string;
  /** Uses the whole width, for pages with tables. */
  wide?: boolean;
  children: ReactNode;
}

const MovesToHeadingContext = createContext(false);
/** Says whether the person came to the page from another one of the portal, by an address that names no part of it. */
export const MovesToHeadingProvider = MovesToHeadingContext.Provider;

/**
 * Frame of a page, with its title in the tab and as the only `h1`. After a navigation inside the portal the focus moves to
 * the heading, as after a page load, or to the part that the address names, which takes it once it has arrived. On the first
 * page the browser sets the focus.
 */
export function Page({ title, tabTitle = title, wide = false, children }: PageProps) {
  const { words } = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  const movesToHeading = useContext(MovesToHeadingContext);
  const { language } = useLanguage();
  const last = useRef<{ title: string; language: string } | undefined>(undefined);
  useEffect(() => {
    document.title = words.title(tabTitle);
  }, [tabTitle, words]);
  useEffect(() => {
    const before = last.current;
    last.current = { title, language };
    // a change of language is not a navigation, so the focus stays
    const isOther = before ? before.title !== title && before.language === language : movesToHeading;
    if (isOther) heading.current?.focus();
  }, [title, language, movesToHeading]);
  return (
    <div className={wide ? 'hod-page hod-page--wide' : 'hod-page'}>
      <h1 ref={heading} tabIndex={-1} className="ds-text-heading--2xl">
        {title}
      </h1>
      {children}
    </div>
  );
}

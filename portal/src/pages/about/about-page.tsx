import { useId } from 'react';
import { Link } from 'react-router';
import { Page } from '../../layout/frame/page.tsx';
import { useLanguage } from '../../portal-context.tsx';
import { type AboutSection, type AboutText, about as english } from '../../words/en/about.ts';
import { about as spanish } from '../../words/es/about.ts';

// with the page and not with the texts of its readers: nobody else needs them
const words = { en: english, es: spanish };

/** Answers to what people ask most. */
export const QuestionsPage = () => <AboutPage name="questions" />;

/** What is kept about people, who sees it, and for how long. */
export const PrivacyPage = () => <AboutPage name="privacy" />;

/** The accessibility statement. */
export const AccessibilityPage = () => <AboutPage name="accessibility" />;

/** A page about the service itself, with its version. */
function AboutPage({ name }: { name: 'questions' | 'privacy' | 'accessibility' }) {
  const text = words[useLanguage().language];
  const { title, lead, sections }: AboutText = text[name];
  return (
    <Page title={title}>
      <p className="ds-text-body--lg">{lead}</p>
      {sections.map((section) => (
        <Section key={section.heading} section={section} />
      ))}
      <p className="ds-text-body--sm">{text.version(import.meta.env.VITE_VERSION)}</p>
    </Page>
  );
}

function Section({ section: { heading, text = [], items = [], link } }: { section: AboutSection }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="ds-text-heading--lg">
        {heading}
      </h2>
      {text.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      {items.length > 0 && (
        <ul>
          {items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )}
      {link && (
        <p>
          <Link to={link.to}>{link.text}</Link>
        </p>
      )}
    </section>
  );
}

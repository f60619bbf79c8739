import type { ConsentText as Consent } from '../../../../../api/schemas/onboarding/terms.ts';
import { useText } from '../../../portal-context.tsx';

/** The whole text of a consent under its heading, in a box that scrolls, also by keyboard. */
export function ConsentText({ heading, consent }: { heading: string; consent: Consent }) {
  const { words } = useText();
  return (
    <>
      <h2 className="ds-text-heading--md">{heading}</h2>
      {/* a region that scrolls has to be reached by keyboard */}
      <section
        className="hod-document hod-consent"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, by keyboard too
        tabIndex={0}
        aria-label={words.document.region(heading)}
      >
        <p lang={consent.language}>{consent.text}</p>
        <p>{words.document.version(consent.version)}</p>
      </section>
    </>
  );
}

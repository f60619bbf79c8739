import { useId } from 'react';
import { Button } from '../../../form/button.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { useInstallWay } from './use-install-way.ts';

/**
 * Offers the portal as an app, in the way of this device; nothing where it is one already or cannot become one.
 * @param under level of the heading above
 */
export function InstallOffer({ under }: { under: 1 | 2 }) {
  const { install } = usePortal();
  const text = useText().words.app.install;
  const way = useInstallWay();
  const heading = useId();
  const Heading = under === 1 ? 'h2' : 'h3';
  if (way !== 'prompt' && way !== 'home-screen') return null;
  return (
    <section aria-labelledby={heading} className="hod-card">
      <Heading id={heading} className="ds-text-heading--md">
        {text.heading}
      </Heading>
      <p>{text.lead}</p>
      {way === 'prompt' ? (
        <Button onClick={() => void install.ask()}>{text.ask}</Button>
      ) : (
        <ol>
          {text.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      <p>{text.later}</p>
    </section>
  );
}

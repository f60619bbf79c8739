import type { OnboardingCause } from '../../../../domain/onboarding/standing.ts';
import { useText } from '../../portal-context.tsx';

/** Causes of an onboarding's stage. */
export function Causes({ of }: { of: readonly OnboardingCause[] }) {
  const { sentences, words } = useText();
  if (of.length === 0) return <>{words.ops.noCause}</>;
  return (
    <ul className="hod-plain-list">
      {of.map((cause) => (
        // an older version of this page may not know a newer cause
        <li key={cause}>{sentences.onboardingCause[cause] ?? cause}</li>
      ))}
    </ul>
  );
}

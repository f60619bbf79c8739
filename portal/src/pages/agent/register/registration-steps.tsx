import { useText } from '../../../portal-context.tsx';

export type RegistrationStep = 'account' | 'contact' | 'code' | 'terms';

export interface RegistrationStepsProps {
  current: RegistrationStep;
  /** The agent wants texts, so that a code confirms the phone. */
  hasCode: boolean;
}

/** The way to the first referral, on each page of it: which steps are done, and which one this page is. */
export function RegistrationSteps({ current, hasCode }: RegistrationStepsProps) {
  const text = useText().words.register.steps;
  const steps = (['account', 'contact', 'code', 'terms'] as const).filter(
    (step) => hasCode || step !== 'code',
  );
  const at = steps.findIndex((step) => step === current);
  return (
    <nav aria-label={text.label}>
      <p className="ds-u-margin--0">{text.of(at + 1, steps.length)}</p>
      <ol className="hod-steps">
        {steps.map((step, index) => (
          <li key={step} aria-current={step === current ? 'step' : undefined}>
            {index < at && (
              <>
                <span aria-hidden="true">✓ </span>
                <span className="ds-u-visibility--screen-reader">{text.done} </span>
              </>
            )}
            {text[step]}
          </li>
        ))}
      </ol>
    </nav>
  );
}

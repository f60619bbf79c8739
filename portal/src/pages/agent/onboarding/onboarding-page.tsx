import { Alert } from '@cmsgov/design-system';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { OnboardingResponse } from '../../../../../api/schemas/onboarding/onboarding.ts';
import { type TermsKind, termsKinds } from '../../../../../domain/onboarding/facts.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { keys, useSession } from '../../../api/queries.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useLive } from '../../../live/live-changes.ts';
import { usePortal, useText } from '../../../portal-context.tsx';
import { PhoneCard, phoneStepOf } from '../phone/phone-card.tsx';
import { RegistrationSteps } from '../register/registration-steps.tsx';
import { Checklist } from './checklist.tsx';
import { StageSummary } from './stage-summary.tsx';
import { TermsForm } from './terms-form.tsx';

/** Interval of repeated reads without a stream: short while the stage does not reflect the latest facts yet. */
function refetchIntervalMs(view: OnboardingResponse | undefined): number {
  return view && view.stage === 'awaiting-terms' && view.waitingFor.length === 0 ? 1_000 : 15_000;
}

/** The terms are the same for every plan year and are shown above, so another year is shown only for its conditions. */
const hasUnmetConditions = ({ conditions }: Pick<OnboardingResponse, 'conditions'>) =>
  conditions.some(({ met }) => !met);

/** Page with the agent's stage, the terms to accept (docs/guide.md, step 5), and all conditions. */
export function OnboardingPage() {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.onboarding;
  const [accepted, setAccepted] = useState<TermsKind>();
  const navigate = useNavigate();
  const { isConnected } = useLive();
  const isTerminated = useSession().data?.terminated === true;
  const onboarding = useQuery({
    queryKey: keys.onboarding,
    queryFn: calls.onboarding,
    refetchInterval: ({ state }) => (isConnected ? false : refetchIntervalMs(state.data)),
  });
  /** After the last document, opens the profile with "Be sure to review your profile" (docs/guide.md, step 5). */
  const afterAccepting = (kind: TermsKind, missing: readonly TermsKind[]) =>
    missing.length > 1 ? setAccepted(kind) : void navigate('/profile', { state: { review: true } });
  const none = onboarding.error instanceof ApiProblem && onboarding.error.kind === 'not-found';

  return (
    <Page title={text.title}>
      {none ? (
        <p>{text.none}</p>
      ) : (
        <Loaded query={onboarding}>
          {(view) => {
            const missing = termsKinds.filter((kind) => view.waitingFor.includes(kind));
            return (
              <>
                {view.stage === 'awaiting-terms' && !isTerminated && <StepsToTerms />}
                <StageSummary npn={view.npn} view={view} />
                {isTerminated ? (
                  <Alert variation="warn" heading={text.terminated.heading}>
                    <p className="ds-u-margin--0">{text.terminated.text}</p>
                  </Alert>
                ) : (
                  <PhoneCard />
                )}
                {accepted && (
                  <Alert variation="success">
                    <p className="ds-u-margin--0">{text.accepted(sentences.terms[accepted])}</p>
                  </Alert>
                )}
                {missing.length > 0 && !isTerminated && (
                  <section aria-labelledby="terms">
                    <h2 id="terms" className="ds-text-heading--lg">
                      {text.termsHeading}
                    </h2>
                    <p>{text.termsLead}</p>
                    {missing.map((kind) => (
                      <TermsForm key={kind} kind={kind} onAccepted={() => afterAccepting(kind, missing)} />
                    ))}
                  </section>
                )}
                {view.stage === 'active' && !isTerminated && (
                  <Link to="/inbox" className="ds-c-button ds-c-button--solid">
                    {text.inbox}
                  </Link>
                )}
                <Checklist planYear={view.planYear} conditions={view.conditions} />
                {view.otherYears.filter(hasUnmetConditions).map((year) => (
                  <section key={year.planYear} aria-label={text.otherYear(year.planYear)}>
                    <h2 className="ds-text-heading--lg">{text.otherYear(year.planYear)}</h2>
                    <StageSummary npn={view.npn} view={year} />
                    <Checklist planYear={year.planYear} conditions={year.conditions} />
                  </section>
                ))}
              </>
            );
          }}
        </Loaded>
      )}
    </Page>
  );
}

/** The steps of the registration, of which the agent does the code or the terms on this page. */
function StepsToTerms() {
  const { calls } = usePortal();
  const { data: phone } = useQuery({ queryKey: keys.phone, queryFn: calls.phone });
  if (!phone) return null;
  const step = phoneStepOf(phone);
  const isConfirmed = phone.confirmedAt !== null;
  return (
    <RegistrationSteps
      current={step === 'confirm' ? 'code' : 'terms'}
      hasCode={isConfirmed || step === 'confirm'}
    />
  );
}

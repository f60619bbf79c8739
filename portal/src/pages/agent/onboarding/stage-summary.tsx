import { Badge } from '@cmsgov/design-system';
import type { OnboardingResponse } from '../../../../../api/schemas/onboarding/onboarding.ts';
import type { OnboardingCause } from '../../../../../domain/onboarding/standing.ts';
import type { OnboardingStage } from '../../../../../domain/stages.ts';
import { capitalized } from '../../../../../domain/text/locale-format.ts';
import { Status } from '../../../layout/status.tsx';
import { useNow } from '../../../live/use-now.ts';
import { useText, whenHere } from '../../../portal-context.tsx';

const alertKinds: Readonly<Record<OnboardingStage, 'info' | 'success' | 'warn' | undefined>> = {
  'awaiting-eligibility': 'info',
  invited: 'info',
  'invitation-undeliverable': 'warn',
  'invitation-expired': 'warn',
  'awaiting-terms': 'info',
  active: 'success',
  suspended: 'warn',
  lapsed: undefined,
  left: undefined,
};

/** Data of one plan year that the page shows. */
type PlanYearView = Omit<OnboardingResponse, 'npn' | 'otherYears'>;

/** The stage in the catalog's words, the missing steps, and the time of the next automatic change. */
export function StageSummary({ npn, view }: { npn: string; view: PlanYearView }) {
  const { sentences, words } = useText();
  const text = words.onboarding;
  const when = whenHere(useNow(30_000));
  const nextChangeAt = view.nextActionAt === null ? null : new Date(view.nextActionAt);
  const causes = view.waitingFor.filter((wait): wait is OnboardingCause =>
    Object.hasOwn(sentences.onboardingCause, wait),
  );
  const { name, agent } = sentences.onboardingStage[view.stage];
  return (
    <>
      <p>{text.about(npn, view.planYear)}</p>
      <Status>
        <span className="hod-stage">
          <Badge size="big" variation={alertKinds[view.stage]}>
            {name}
          </Badge>
          <span>{text.since(sentences.at(new Date(view.since), when))}</span>
        </span>
        <span className="hod-line">{agent({ causes, nextChangeAt, isRegistered: true, when })}</span>
      </Status>
      {causes.length > 0 && (
        <>
          <h2 className="ds-text-heading--md">{text.waitingFor}</h2>
          <ul>
            {causes.map((cause) => (
              <li key={cause}>{capitalized(sentences.onboardingCause[cause])}</li>
            ))}
          </ul>
        </>
      )}
      {nextChangeAt && view.nextAction && (
        <p>{text.next[view.nextAction](sentences.at(nextChangeAt, when), view.nextStage)}</p>
      )}
    </>
  );
}

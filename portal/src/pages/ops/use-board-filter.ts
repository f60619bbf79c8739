import { useSearchParams } from 'react-router';
import type { OnboardingBoardQuery } from '../../../../api/schemas/ops/ops.ts';
import { type OnboardingCause, onboardingCauses } from '../../../../domain/onboarding/standing.ts';
import { type OnboardingStage, onboardingStages } from '../../../../domain/stages.ts';

/** Ages that the board can be filtered by. */
export const ages = ['1 day', '2 days', '7 days', '30 days'] as const;

export interface BoardFilter extends Pick<OnboardingBoardQuery, 'planYear' | 'olderThan' | 'stuck'> {
  stage?: OnboardingStage;
  cause?: OnboardingCause;
}

/** Filter of the board, kept in the page's address. Without a stage the board shows all stuck onboardings. */
export function useBoardFilter(): [BoardFilter, (filter: BoardFilter) => void] {
  const [params, setParams] = useSearchParams();
  const one = <Value extends string>(name: string, of: readonly Value[]) =>
    of.find((value) => value === params.get(name));
  const stage = one('stage', onboardingStages);
  const planYear = /^20\d\d$/.exec(params.get('planYear') ?? '')?.[0];
  const filter: BoardFilter = {
    stage,
    cause: one('cause', onboardingCauses),
    planYear,
    olderThan: one('olderThan', ages),
    stuck: stage ? undefined : 'yes',
  };
  const choose = ({ stage: chosen, cause, planYear: year, olderThan }: BoardFilter) =>
    setParams(filterParameters({ stage: chosen, cause, planYear: year, olderThan }));
  return [filter, choose];
}

/** Query parameters of the filters that are set. */
export function filterParameters(
  filter: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

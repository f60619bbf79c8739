import { Link } from 'react-router';
import type { OnboardingSummary } from '../../../../api/schemas/ops/ops.ts';
import { DataTable } from '../../layout/data-table.tsx';
import { useText } from '../../portal-context.tsx';
import { useAge } from './use-age.ts';
import { filterParameters } from './use-board-filter.ts';

type Count = OnboardingSummary['stages'][number] & Partial<OnboardingSummary['causes'][number]>;

/** Number of onboardings by stage and cause. Each count links to its onboardings. */
export function Summary({ counts: { stages, causes } }: { counts: OnboardingSummary }) {
  const { sentences, words } = useText();
  const text = words.ops;
  const ageOf = useAge();
  if (stages.length === 0) return <p>{text.nobody}</p>;
  const rows: Count[] = stages.flatMap((stage) => [
    stage,
    ...causes.filter((one) => one.stage === stage.stage && one.planYear === stage.planYear),
  ]);
  return (
    <section aria-labelledby="summary">
      <h2 id="summary" className="ds-text-heading--lg">
        {text.summary}
      </h2>
      <DataTable
        id="summary-table"
        caption={text.summaryCaption}
        columns={[text.planYear, text.stage, text.cause, text.count, text.longest]}
        rows={rows.map(({ planYear, stage, cause, count, oldestSince }) => ({
          key: `${planYear} ${stage} ${cause ?? ''}`,
          cells: [
            planYear,
            sentences.onboardingStage[stage].name,
            cause === undefined ? text.all : sentences.onboardingCause[cause],
            <Link
              key="count"
              to={{
                search: `?${new URLSearchParams(filterParameters({ stage, cause, planYear: `${planYear}` }))}`,
              }}
              preventScrollReset
              aria-label={text.showThem(count)}
            >
              {count}
            </Link>,
            ageOf(oldestSince),
          ],
        }))}
      />
    </section>
  );
}

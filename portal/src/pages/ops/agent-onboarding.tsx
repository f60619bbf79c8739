import { Badge } from '@cmsgov/design-system';
import type { AgentForOps } from '../../../../api/schemas/ops/ops.ts';
import { DataTable } from '../../layout/data-table.tsx';
import { Facts } from '../../layout/facts.tsx';
import { useNow } from '../../live/use-now.ts';
import { useText, whenHere } from '../../portal-context.tsx';
import { evidenceText } from '../agent/onboarding/evidence-words.ts';
import { Causes } from './causes.tsx';
import { NextActionText } from './next-action.tsx';
import { useAge } from './use-age.ts';

type OneYear = AgentForOps['onboardings'][number];

/** One plan year of an agent: stage, conditions with evidence, and events. */
export function AgentOnboarding({ of }: { of: OneYear }) {
  const { sentences, words } = useText();
  const text = words.ops;
  const now = useNow(30_000);
  const id = `year-${of.planYear}`;
  const age = useAge()(of.since);
  return (
    <section aria-labelledby={id}>
      <div className="hod-heading">
        <h2 id={id} className="ds-text-heading--lg">
          {text.yearHeading(of.planYear)}
        </h2>
        <Badge>{sentences.onboardingStage[of.stage].name}</Badge>
      </div>
      <Facts
        of={[
          [text.details, of.details],
          [text.cause, <Causes key="causes" of={of.causes} />],
          [text.age, text.ageSince(age, sentences.at(new Date(of.since), whenHere(now)))],
          [text.next, <NextActionText key="next" of={of} now={now} />],
        ]}
      />
      <Conditions of={of} />
      <Events of={of} />
    </section>
  );
}

function Conditions({ of: { planYear, conditions } }: { of: OneYear }) {
  const { sentences, words } = useText();
  const text = words.onboarding;
  const now = useNow(60_000);
  // unmet conditions come first
  const ordered = conditions.toSorted((a, b) => Number(a.met) - Number(b.met));
  return (
    <DataTable
      id={`conditions-${planYear}`}
      caption={text.checklist}
      columns={[words.ops.condition, words.ops.met, text.evidence, words.ops.asOf]}
      rows={ordered.map((condition) => ({
        key: condition.name,
        cells: [
          <ConditionLabel key="name" condition={condition} />,
          condition.met ? text.met : <strong key="unmet">{text.unmet}</strong>,
          evidenceText(condition, words, sentences.language),
          condition.asOf && sentences.at(new Date(condition.asOf), whenHere(now)),
        ],
      }))}
    />
  );
}

/** A condition, and why it is unmet, in the same words as the agent's checklist. */
function ConditionLabel({ condition: { name, because } }: { condition: OneYear['conditions'][number] }) {
  const { sentences } = useText();
  return (
    <>
      {sentences.condition[name].name}
      {because && <span className="hod-because">{sentences.unmetReason[because]}</span>}
    </>
  );
}

function Events({ of: { planYear, events } }: { of: OneYear }) {
  const { sentences, words } = useText();
  const text = words.ops;
  const now = useNow(60_000);
  if (events.length === 0) return null;
  return (
    <DataTable
      id={`events-${planYear}`}
      caption={text.events}
      columns={[text.when, text.by, text.what]}
      rows={events.toReversed().map((event) => ({
        key: `${event.sequence}`,
        cells: [sentences.at(new Date(event.at), whenHere(now)), text.actor[event.by], event.text],
      }))}
    />
  );
}

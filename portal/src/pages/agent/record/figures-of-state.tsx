import { Label } from '@cmsgov/design-system';
import type { AgentFiguresView } from '../../../../../api/schemas/referrals/agent-figures.ts';
import {
  type AgentFigures,
  fewestAgents,
  figureNames,
} from '../../../../../domain/referrals/agent-figures.ts';
import { DataTable } from '../../../layout/data-table.tsx';
import { useNow } from '../../../live/use-now.ts';
import { useLanguage, useText, whenHere } from '../../../portal-context.tsx';
import { stateName } from '../profile/state-names.ts';

type Figures = { [Name in keyof AgentFigures]: number | null };

export interface FiguresOfStateProps {
  chosen: AgentFiguresView['states'][number];
  states: readonly string[];
  contactWithinSeconds: number;
  onChoose: (state: string) => void;
}

/** One state: each figure of the agent beside the median of all agents there. */
export function FiguresOfState({ chosen, states, contactWithinSeconds, onChoose }: FiguresOfStateProps) {
  const { sentences, words } = useText();
  const { language } = useLanguage();
  const text = words.record.figures;
  const when = whenHere(useNow(60_000));
  const { state, own, medians } = chosen;
  const nameOf = (figure: keyof AgentFigures) =>
    figure === 'contactedInTimeShare'
      ? text.name[figure](sentences.duration(contactWithinSeconds * 1000))
      : text.name[figure];
  const shown = (figures: Figures | null, figure: keyof AgentFigures) => {
    const value = figures?.[figure] ?? null;
    if (value === null) return text.nothing;
    if (figure === 'answerSeconds') return sentences.duration(value * 1000);
    return figure === 'offers' ? value : `${Math.round(value * 100)}%`;
  };
  return (
    <>
      <div className="hod-inline-form">
        <div>
          <Label fieldId="figures-state">{text.state}</Label>
          <select
            id="figures-state"
            className="ds-c-field hod-select"
            value={state}
            onChange={(event) => onChoose(event.target.value)}
          >
            {states.map((one) => (
              <option key={one} value={one}>
                {stateName(one, language)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <DataTable
        id="figures-table"
        caption={text.caption(stateName(state, language))}
        columns={[text.figure, text.own, text.median]}
        rows={figureNames.map((figure) => ({
          key: figure,
          cells: [nameOf(figure), shown(own, figure), shown(medians, figure)],
        }))}
      />
      <p>
        {medians
          ? text.meaning(medians.agents, sentences.at(new Date(medians.countedAt), when))
          : text.notCounted}{' '}
        {text.tooFew(fewestAgents)} {text.inTime}
      </p>
    </>
  );
}

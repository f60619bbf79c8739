import { Badge } from '@cmsgov/design-system';
import type { OnboardingResponse } from '../../../../../api/schemas/onboarding/onboarding.ts';
import { whoActs } from '../../../../../domain/onboarding/who-acts.ts';
import { useNow } from '../../../live/use-now.ts';
import { useText, whenHere } from '../../../portal-context.tsx';
import { evidenceText } from './evidence-words.ts';

/** Lists every condition for taking part, with its state and its evidence from the feeds. */
export function Checklist({ planYear, conditions }: Pick<OnboardingResponse, 'planYear' | 'conditions'>) {
  const { sentences, words } = useText();
  const text = words.onboarding;
  const when = whenHere(useNow(60_000));
  return (
    <section aria-labelledby={`checklist-${planYear}`}>
      <h2 id={`checklist-${planYear}`} className="ds-text-heading--lg">
        {text.checklist}
      </h2>
      <p>{text.checklistLead}</p>
      <ol className="hod-checklist">
        {conditions.map((condition) => {
          const { name, meaning, remedy, url } = sentences.condition[condition.name];
          const party = whoActs(condition);
          return (
            <li key={condition.name}>
              <div className="hod-heading">
                <h3 className="ds-text-heading--md">{name}</h3>
                <Badge variation={condition.met ? 'success' : 'warn'}>
                  {condition.met ? `✓ ${text.met}` : text.unmet}
                </Badge>
              </div>
              <p>{meaning}</p>
              {!condition.met && (
                <p>
                  <strong>{condition.because ? sentences.unmetReason[condition.because] : remedy}</strong>{' '}
                  {url && (
                    <>
                      {text.remedyLink} <a href={url}>{url}</a>
                    </>
                  )}
                </p>
              )}
              {party && (
                <p>
                  {text.whoActs}: <strong>{text.party[party]}</strong>
                </p>
              )}
              <p className="ds-text-body--sm">
                {text.evidence}: {evidenceText(condition, words, sentences.language)}
                {condition.asOf &&
                  `, ${text.asOf(sentences.at(new Date(condition.asOf), when), condition.source)}`}
              </p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

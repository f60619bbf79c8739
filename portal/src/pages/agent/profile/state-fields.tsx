import type { UseFormRegisterReturn } from 'react-hook-form';
import type { Profile } from '../../../../../api/schemas/agents/profile.ts';
import { Choices } from '../../../form/fields.tsx';
import { useLanguage, useText } from '../../../portal-context.tsx';
import { stateName } from './state-names.ts';

export interface StateFieldsProps {
  field: UseFormRegisterReturn;
  error: string | undefined;
  profile: Profile;
}

/** Checkboxes for the available states, and the other states by the reason why they are not available. */
export function StateFields({ field, error, profile }: StateFieldsProps) {
  const { sentences, words } = useText();
  const text = words.profile.states;
  const { language } = useLanguage();
  const nameOf = (state: string) => stateName(state, language);
  const why = (because: Profile['availableStates'][number]['because']) =>
    because && sentences.stateObstacle[because];
  const byName = profile.availableStates.toSorted((a, b) =>
    nameOf(a.state).localeCompare(nameOf(b.state), language),
  );
  const own = byName.filter(({ state, canChoose }) => canChoose || profile.states.includes(state));
  const others = byName.filter((choice) => !own.includes(choice));
  const reasons = [...new Set(others.map(({ because }) => because))];
  const list = new Intl.ListFormat(sentences.language, { type: 'conjunction' });
  return (
    <>
      <div className="hod-many">
        {own.length > 0 ? (
          <Choices
            many
            field={field}
            label={text.label}
            hint={text.hint}
            error={error}
            options={own.map(({ state, canChoose, because }) => ({
              value: state,
              label: nameOf(state),
              hint: canChoose ? undefined : text.notServed(why(because) ?? ''),
            }))}
          />
        ) : (
          <p>{text.none}</p>
        )}
      </div>
      {others.length > 0 && (
        <details>
          <summary>{text.others(others.length)}</summary>
          <dl className="hod-reasons">
            {reasons.map((reason) => (
              <div key={reason ?? ''}>
                <dt>{why(reason)}</dt>
                <dd>
                  {list.format(
                    others.filter(({ because }) => because === reason).map(({ state }) => nameOf(state)),
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}

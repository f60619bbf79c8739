import { useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { HelpRequest } from '../../../../../api/schemas/referrals/referrals.ts';
import { contactTimes, contactWays } from '../../../../../domain/referrals/contact-times.ts';
import { Checkbox, Choices, TextInput } from '../../../form/fields.tsx';
import { useText } from '../../../portal-context.tsx';
import type { HelpValues } from './to-help-request.ts';

const fields = ['contactBy', 'contactTimes', 'agent', 'returnToAgent'] as const;

/**
 * What few people need to say: how and when to be reached, and by which agent. Folded away, unless a part of it is filled in or has
 * an error, which its summary has to reach.
 */
export function MoreWishes({
  form,
  textOf,
}: {
  form: UseFormReturn<HelpValues, unknown, HelpRequest>;
  textOf: (field: string) => string | undefined;
}) {
  const { sentences, words } = useText();
  const text = words.help;
  const values = form.watch();
  const [isShown, setIsShown] = useState(() => fields.some((field) => isFilledIn(values[field])));
  const hasError = fields.some((field) => textOf(field) !== undefined);
  return (
    <details open={isShown || hasError} onToggle={({ currentTarget }) => setIsShown(currentTarget.open)}>
      <summary>{text.more}</summary>
      <Choices
        field={form.register('contactBy', { deps: ['phone', 'email'] })}
        label={text.contactBy.label}
        error={textOf('contactBy')}
        options={contactWays.map((value) => ({ value, label: sentences.contactWay[value] }))}
      />
      <Choices
        field={form.register('contactTimes')}
        label={text.contactTimes.label}
        hint={text.contactTimes.hint}
        options={contactTimes.map((value) => ({ value, label: sentences.contactTime[value] }))}
        many
      />
      <TextInput
        field={form.register('agent')}
        label={text.agent.label}
        hint={text.agent.hint}
        error={textOf('agent')}
      />
      {values.agent.trim() === '' && (
        <Checkbox
          field={form.register('returnToAgent')}
          label={text.returnToAgent.label}
          hint={text.returnToAgent.hint}
        />
      )}
    </details>
  );
}

const isFilledIn = (value: string | boolean | readonly string[]) =>
  typeof value === 'boolean' ? value : value.length > 0;

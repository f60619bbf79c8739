import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type PhoneResponse, phoneVerification } from '../../../../../api/schemas/agents/phones.ts';
import { normalizeTypedCode } from '../../../../../domain/values/normalize-typed.ts';
import { type ApiProblem, asProblem } from '../../../api/problem.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { TextInput } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';

const schema = phoneVerification.required();

export interface CodeFormProps {
  own: PhoneResponse;
  /** The phone number, formatted. */
  phone: string;
  onConfirmed: () => void;
}

/** Form for the code that was sent to the phone, with a button to send a new one. */
export function CodeForm({ own, phone, onConfirmed }: CodeFormProps) {
  const { calls, now } = usePortal();
  const { sentences, words } = useText();
  const text = words.phone;
  const queries = useQueryClient();
  const keep = (change: Partial<PhoneResponse>) => queries.setQueryData(keys.phone, { ...own, ...change });
  const { form, textOf, submit, draft } = useApiForm({
    schema,
    defaults: { code: '' },
    draft: { lost: 'phone-code' },
    toBody: ({ code }) => ({ code: normalizeTypedCode(code) || undefined }),
    words: { code: text.code },
  });
  const send = useMutation({
    mutationFn: calls.sendPhoneCode,
    onSuccess: ({ codeExpiresAt }) => {
      enter.reset();
      form.reset();
      keep({ codeExpiresAt });
    },
  });
  const enter = useMutation({
    mutationFn: calls.enterPhoneCode,
    onSuccess: ({ confirmedAt }) => {
      draft.clear();
      keep({ confirmedAt });
      onConfirmed();
    },
    onError: (error) => {
      const attemptsLeft = attemptsLeftIn(asProblem(error));
      if (attemptsLeft === undefined) return;
      form.setError('code', { type: 'refused', message: text.wrong(attemptsLeft) }, { shouldFocus: true });
    },
  });
  const { codeExpiresAt } = own;
  const until = codeExpiresAt && sentences.at(new Date(codeExpiresAt), whenHere(now()));
  const failed = send.error ?? (textOf('code') === undefined ? enter.error : null);

  return (
    <form noValidate onSubmit={(event) => void submit((body) => enter.mutate(body))(event)}>
      <p>
        {until ? text.sent(phone, until) : text.unsent(phone)}{' '}
        {own.mustBeConfirmed ? text.why.needed : text.why.asked}
      </p>
      <DraftNotice draft={draft} />
      {failed && <ProblemAlert error={failed} />}
      {until && (
        <TextInput
          field={form.register('code')}
          label={text.code.label}
          error={textOf('code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          size="small"
        />
      )}
      <div className="hod-buttons">
        {until && (
          <Button type="submit" variation="solid" isBusy={enter.isPending}>
            {enter.isPending ? text.confirming : text.confirm}
          </Button>
        )}
        <Button type="button" isBusy={send.isPending} onClick={() => send.mutate()}>
          {send.isPending ? text.sending : until ? text.resend : text.send}
        </Button>
      </div>
    </form>
  );
}

function attemptsLeftIn({ members }: ApiProblem): number | undefined {
  const { attemptsLeft } = members;
  return typeof attemptsLeft === 'number' ? attemptsLeft : undefined;
}

import { useMutation } from '@tanstack/react-query';
import { type AppSecret, appBody } from '../../../../../api/schemas/accounts/second-factor.ts';
import { asProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { TextInput } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { Facts } from '../../../layout/facts.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { QrCode } from './qr-code.tsx';

export interface NewAppProps {
  of: AppSecret;
  onCancel: () => void;
  /** Gets the recovery codes, which nobody can read again. */
  onAdded: (recoveryCodes: readonly string[]) => void;
}

/** The secret for an authenticator app, and the form for its first code. */
export function NewApp({ of: { keyId, secret, uri }, onCancel, onAdded }: NewAppProps) {
  const { calls } = usePortal();
  const text = useText().words.security.app;
  const { form, textOf, submit, showRefused, draft } = useApiForm({
    schema: appBody,
    defaults: { code: '' },
    draft: { lost: 'authenticator-code' },
    toBody: ({ code }) => ({ keyId, code: code || undefined }),
    words: { code: text.code },
  });
  const confirm = useMutation({
    mutationFn: calls.confirmApp,
    onSuccess: ({ recoveryCodes }) => {
      draft.clear();
      onAdded(recoveryCodes);
    },
    onError: (error) => void showRefused(asProblem(error)),
  });
  const error = confirm.error && asProblem(confirm.error);
  return (
    <form noValidate onSubmit={(event) => void submit((body) => confirm.mutate(body))(event)}>
      <p>{text.scan}</p>
      <QrCode text={uri} label={text.picture} />
      <Facts of={[[text.secret, <code key="secret">{secret.match(/.{1,4}/g)?.join(' ')}</code>]]} />
      <p>
        <a href={uri}>{text.open}</a>
      </p>
      <DraftNotice draft={draft} />
      {error && error.errors.length === 0 && <ProblemAlert error={error} />}
      <TextInput
        field={form.register('code')}
        label={text.code.label}
        error={textOf('code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        size="small"
      />
      <div className="hod-buttons">
        <Button type="submit" variation="solid" isBusy={confirm.isPending}>
          {confirm.isPending ? text.confirming : text.confirm}
        </Button>
        <Button onClick={onCancel}>{text.cancel}</Button>
      </div>
    </form>
  );
}

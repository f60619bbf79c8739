import { Alert } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { agentRequest } from '../../../../../api/schemas/onboarding/invitations.ts';
import { asProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { TextInput } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';

/** Form to get the invitation again when the token is lost. It is sent only to the address in the MLMS profile. */
export function InvitationByNpn() {
  const { calls } = usePortal();
  const { words } = useText();
  const text = words.register.dead.byNpn;
  const { form, textOf, submit, showRefused } = useApiForm({
    schema: agentRequest,
    defaults: { npn: '' },
    draft: 'logged-out',
    toBody: ({ npn }) => ({ npn: npn.trim() || undefined }),
    words: { npn: words.logInHelp.npn },
  });
  const ask = useMutation({
    mutationFn: calls.askForInvitation,
    onError: (error) => void showRefused(asProblem(error)),
  });
  if (ask.isSuccess)
    return (
      <Alert variation="success" className="ds-u-margin-y--2">
        <p className="ds-u-margin--0">{text.sent}</p>
      </Alert>
    );
  return (
    <form noValidate onSubmit={(event) => void submit((body) => ask.mutate(body))(event)}>
      <p>{text.lead}</p>
      {ask.error && textOf('npn') === undefined && <ProblemAlert error={ask.error} />}
      <TextInput
        field={form.register('npn')}
        label={words.logInHelp.npn.label}
        error={textOf('npn')}
        inputMode="numeric"
        size="medium"
      />
      <div className="hod-buttons">
        <Button type="submit" isBusy={ask.isPending}>
          {ask.isPending ? words.logInHelp.submitting : text.submit}
        </Button>
      </div>
    </form>
  );
}

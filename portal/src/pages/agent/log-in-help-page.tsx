import { Alert } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { agentRequest } from '../../../../api/schemas/onboarding/invitations.ts';
import { helpContacts } from '../../../../domain/text/help-contacts.ts';
import { asProblem } from '../../api/problem.ts';
import { Button } from '../../form/button.tsx';
import { ErrorSummary } from '../../form/error-summary.tsx';
import { Choices, TextInput } from '../../form/fields.tsx';
import { useApiForm } from '../../form/use-api-form.ts';
import { Page } from '../../layout/frame/page.tsx';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../portal-context.tsx';

/** Page for an agent who cannot log in. The answer comes by email; the page itself shows the same to everybody. */
export function LogInHelpPage() {
  const { calls } = usePortal();
  const text = useText().words.logInHelp;
  const { form, summary, shown, textOf, submit, showRefused } = useApiForm({
    schema: agentRequest,
    defaults: { npn: '', asks: '' },
    draft: 'logged-out',
    toBody: ({ npn }) => ({ npn: npn.trim() || undefined }),
    words: { npn: text.npn, asks: text.asks },
    extraFaults: ({ asks }) => (asks === '' ? ['asks'] : []),
  });
  const ask = useMutation({
    mutationFn: form.getValues('asks') === 'username' ? calls.remindOfLogIn : calls.askForStatus,
    onError: (error) => showRefused(asProblem(error)),
  });

  if (ask.isSuccess)
    return (
      <Page title={text.sent.title}>
        <Alert variation="success">
          <p className="ds-u-margin--0">{text.sent.text}</p>
        </Alert>
        <p>{text.sent.spam}</p>
        <p>
          {text.sent.helpDesk} <a href={`mailto:${helpContacts.helpDesk}`}>{helpContacts.helpDesk}</a>
        </p>
      </Page>
    );
  return (
    <Page title={text.title}>
      <p>{text.lead}</p>
      {ask.error && shown.length === 0 && <ProblemAlert error={ask.error} />}
      <ErrorSummary errors={shown} box={summary} />
      <form noValidate onSubmit={(event) => void submit((body) => ask.mutate(body))(event)}>
        <TextInput
          field={form.register('npn')}
          label={text.npn.label}
          error={textOf('npn')}
          inputMode="numeric"
          size="medium"
        />
        <Choices
          field={form.register('asks')}
          label={text.asks.label}
          error={textOf('asks')}
          options={[
            { value: 'username', label: text.asks.username },
            { value: 'status', label: text.asks.status },
          ]}
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" isBusy={ask.isPending}>
            {ask.isPending ? text.submitting : text.submit}
          </Button>
        </div>
      </form>
    </Page>
  );
}

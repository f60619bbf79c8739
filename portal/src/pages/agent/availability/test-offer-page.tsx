import { useMutation } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { LinkKey } from '../../../api/calls.ts';
import { Button } from '../../../form/button.tsx';
import { Page } from '../../../layout/frame/page.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { useLinkToken } from '../../../link/use-link-token.ts';
import { usePortal, useText } from '../../../portal-context.tsx';

/** Page behind the link in a test offer. The button is the answer, because mail filters open links too. */
export function TestOfferPage() {
  const text = useText().sentences.availability.testOffer;
  const { id } = useParams();
  const token = useLinkToken();
  return (
    <Page title={text.heading}>
      {id === undefined || token === undefined ? <p>{text.unknown}</p> : <Question link={{ id, token }} />}
    </Page>
  );
}

function Question({ link }: { link: LinkKey }) {
  const { calls } = usePortal();
  const text = useText().sentences.availability.testOffer;
  const confirm = useMutation({ mutationFn: () => calls.confirmTestOffer(link) });
  const { data: answer } = confirm;
  return (
    <>
      <Status>{answer && (answer.answeredAt ? text.arrived : text.late)}</Status>
      {!answer && (
        <>
          <p>{text.question}</p>
          {confirm.error && <ProblemAlert error={confirm.error} />}
          <Button variation="solid" isBusy={confirm.isPending} onClick={() => confirm.mutate()}>
            {text.confirm}
          </Button>
        </>
      )}
    </>
  );
}

import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { LinkKey } from '../../../api/calls.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { useLinkToken } from '../../../link/use-link-token.ts';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';

/** Page behind the link in the question whether an agent's hours still hold: takes the answer without log-in. */
export function HoursPage() {
  const text = useText().sentences.availability.rest;
  const { id } = useParams();
  const token = useLinkToken();
  return (
    <Page title={text.heading}>
      {id === undefined || token === undefined ? <UnknownQuestion /> : <Question link={{ id, token }} />}
    </Page>
  );
}

function Question({ link }: { link: LinkKey }) {
  const { calls } = usePortal();
  const text = useText().sentences.availability.rest;
  const when = whenHere(useNow(30_000));
  const query = useQuery({ queryKey: ['hours', link.id], queryFn: () => calls.hoursQuestion(link) });
  const confirm = useMutation({
    mutationFn: () => calls.confirmHoursByLink(link),
    onSettled: () => query.refetch(),
  });
  if (query.error instanceof ApiProblem && [401, 404].includes(query.error.status))
    return <UnknownQuestion />;
  return (
    <Loaded query={query}>
      {({ since, unseenOffers, endedAt }) =>
        endedAt ? (
          <Status>{text.confirmed}</Status>
        ) : (
          <>
            <p>{text.because({ since: new Date(since), unseenOffers, when })}</p>
            {confirm.error && <ProblemAlert error={confirm.error} />}
            <div className="hod-buttons">
              <Button variation="solid" isBusy={confirm.isPending} onClick={() => confirm.mutate()}>
                {text.confirm}
              </Button>
              <Link to="/availability" className="ds-c-button">
                {text.change}
              </Link>
            </div>
          </>
        )
      }
    </Loaded>
  );
}

/** For a link that is incomplete or unknown: points to the page where the hours can be set. */
function UnknownQuestion() {
  const text = useText().sentences.availability.rest;
  return (
    <>
      <p>{text.unknown}</p>
      <Link to="/availability" className="ds-c-button ds-c-button--solid">
        {text.change}
      </Link>
    </>
  );
}

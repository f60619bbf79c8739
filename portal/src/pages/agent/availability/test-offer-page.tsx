import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { LinkKey } from '../../../api/calls.ts';
import { Loaded } from '../../../layout/loaded.tsx';
import { Page } from '../../../layout/page.tsx';
import { Status } from '../../../layout/status.tsx';
import { useLinkToken } from '../../../link/use-link-token.ts';
import { usePortal, useText } from '../../../portal-context.tsx';

/** Page behind the link in a test offer. Opening it is the answer. */
export function TestOfferPage() {
  const text = useText().sentences.availability.testOffer;
  const { id } = useParams();
  const token = useLinkToken();
  return (
    <Page title={text.heading}>
      {id === undefined || token === undefined ? <p>{text.unknown}</p> : <Arrived link={{ id, token }} />}
    </Page>
  );
}

function Arrived({ link }: { link: LinkKey }) {
  const { calls } = usePortal();
  const text = useText().sentences.availability.testOffer;
  const query = useQuery({ queryKey: ['test-offer', link.id], queryFn: () => calls.confirmTestOffer(link) });
  return <Loaded query={query}>{() => <Status>{text.arrived}</Status>}</Loaded>;
}

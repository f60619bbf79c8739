import { useParams } from 'react-router';
import { useLinkToken } from '../../../link/use-link-token.ts';
import { LiveStatus } from './live-status.tsx';
import { UnknownRequest } from './unknown-request.tsx';

/**
 * A consumer's own page, `/status/{id}#token`. Unlike an invitation's, this address stays as it is: it is to be
 * kept, and works for as long as the request does.
 */
export function StatusPage() {
  const { id } = useParams();
  const token = useLinkToken();
  return id === undefined || token === undefined ? (
    <UnknownRequest />
  ) : (
    <LiveStatus key={`${id} ${token}`} id={id} token={token} />
  );
}

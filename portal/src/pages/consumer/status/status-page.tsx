import { useParams } from 'react-router';
import { useLinkToken } from '../../../link/use-link-token.ts';
import { LiveStatus } from './live-status.tsx';
import { UnknownRequest } from './unknown-request.tsx';

/**
 * A consumer's status page, `/status/{id}#token`. Unlike for an invitation, the token stays in the address, because the
 * consumer may bookmark it. It works as long as the request is open.
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

import { useLocation, useParams } from 'react-router';
import { tokenIn } from '../register/invitation-token.ts';
import { LiveStatus } from './live-status.tsx';
import { UnknownRequest } from './unknown-request.tsx';

/**
 * A consumer's own page, `/status/{id}#token`. Unlike an invitation's, this address stays as it is: it is to be
 * kept, and works for as long as the request does.
 */
export function StatusPage() {
  const { id } = useParams();
  const { hash } = useLocation();
  const token = tokenIn(hash);
  return id === undefined || token === undefined ? (
    <UnknownRequest />
  ) : (
    <LiveStatus key={`${id} ${token}`} id={id} token={token} />
  );
}

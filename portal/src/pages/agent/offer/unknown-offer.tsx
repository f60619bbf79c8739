import { Link } from 'react-router';
import { Page } from '../../../layout/frame/page.tsx';
import { useText } from '../../../portal-context.tsx';

/** Page for a link that is incomplete or whose offer is gone. Points to the inbox, which lists open offers. */
export function UnknownOffer() {
  const { toInbox, unknownOffer } = useText().words.inbox;
  return (
    <Page title={unknownOffer.title}>
      <p>{unknownOffer.text}</p>
      <Link to="/inbox" className="ds-c-button ds-c-button--solid">
        {toInbox}
      </Link>
    </Page>
  );
}

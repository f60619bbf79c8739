import { Link } from 'react-router';
import { Page } from '../../../layout/page.tsx';
import { useText } from '../../../portal-context.tsx';

/** The link is not complete, or of an offer that is gone: an open one is in the inbox, too. */
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

import { helpContacts } from '../../../domain/text/help-contacts.ts';
import { usePortal, useText } from '../portal-context.tsx';

/** Footer: the note about the service (docs/guide.md) and other places to get help. */
export function Footer() {
  const { footer } = useText().words;
  const { Link } = usePortal();
  return (
    <footer className="hod-footer">
      <div className="ds-l-container">
        <h2>{footer.heading}</h2>
        <p>{footer.note}</p>
        <p>
          <Link to="/how-long">{footer.howLong}</Link>
        </p>
        <p>
          {footer.callCenter}: {footer.callCenterNumbers}
        </p>
        <p>
          {footer.helpDesk}: <a href={`mailto:${helpContacts.helpDesk}`}>{helpContacts.helpDesk}</a>
        </p>
      </div>
    </footer>
  );
}

import { helpContacts } from '../../../../domain/text/help-contacts.ts';
import { usePortal, useText } from '../../portal-context.tsx';

const pages = [
  ['/questions', 'questions'],
  ['/how-long', 'howLong'],
  ['/privacy', 'privacy'],
  ['/accessibility', 'accessibility'],
] as const;

/** Footer: the note about the service (docs/guide.md) pages about it, and other places to get help. */
export function Footer() {
  const { footer } = useText().words;
  const { Link } = usePortal();
  return (
    <footer className="hod-footer">
      <div className="ds-l-container">
        <h2>{footer.heading}</h2>
        <p>{footer.note}</p>
        <ul className="hod-footer-links">
          {pages.map(([to, word]) => (
            <li key={to}>
              <Link to={to}>{footer[word]}</Link>
            </li>
          ))}
        </ul>
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

import { contacts } from '../../../../domain/catalog/contacts.ts';
import { useText } from '../../portal-context.tsx';

/** What comes from the MLMS profile alone and is changed there (guide, Registration 2). */
export function Identity({ name, email }: { name: string; email: string }) {
  const text = useText().words.register.identity;
  return (
    <section aria-labelledby="identity" className="hod-card">
      <h2 id="identity" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <dl className="hod-facts">
        <dt>{text.name}</dt>
        <dd>{name}</dd>
        <dt>{text.email}</dt>
        <dd>{email}</dd>
      </dl>
      <p className="ds-text-body--sm ds-u-margin--0">
        {text.note} <a href={contacts.cmsPortal}>{contacts.cmsPortal}</a>
      </p>
    </section>
  );
}

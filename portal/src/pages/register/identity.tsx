import { contacts } from '../../../../domain/catalog/contacts.ts';
import { Facts } from '../../layout/facts.tsx';
import { useText } from '../../portal-context.tsx';

/** What comes from the MLMS profile alone and is changed there (guide, Registration 2). */
export function Identity({ name, email }: { name: string; email: string }) {
  const text = useText().words.register.identity;
  return (
    <section aria-labelledby="identity" className="hod-card">
      <h2 id="identity" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <Facts
        of={[
          [text.name, name],
          [text.email, email],
        ]}
      />
      <p className="ds-text-body--sm ds-u-margin--0">
        {text.note} <a href={contacts.cmsPortal}>{contacts.cmsPortal}</a>
      </p>
    </section>
  );
}

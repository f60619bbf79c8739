import type { Invitation } from '../../../../../api/schemas/onboarding/invitations.ts';
import { Facts } from '../../../layout/facts.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';

type IdentityFacts = Pick<Invitation, 'firstName' | 'lastName' | 'email' | 'syncedAt' | 'changeAt'>;

/** Data from the MLMS profile: the time of the last sync, and where to change it (docs/guide.md, step 2). */
export function Identity({ invitation }: { invitation: IdentityFacts }) {
  const { now } = usePortal();
  const { sentences, words } = useText();
  const text = words.register.identity;
  const { firstName, lastName, email, syncedAt, changeAt } = invitation;
  return (
    <section aria-labelledby="identity" className="hod-card">
      <h2 id="identity" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <Facts
        of={[
          // some people have only one name
          ...(firstName ? [[text.firstName, firstName] as const] : []),
          ...(lastName ? [[text.lastName, lastName] as const] : []),
          [text.email, email],
        ]}
      />
      <p className="ds-text-body--sm ds-u-margin--0">
        {text.synced(sentences.at(new Date(syncedAt), whenHere(now())))} {text.note}{' '}
        <a href={changeAt}>{changeAt}</a>
      </p>
    </section>
  );
}

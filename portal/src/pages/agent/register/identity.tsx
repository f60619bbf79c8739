import type { Invitation } from '../../../../../api/schemas/onboarding/invitations.ts';
import { Facts } from '../../../layout/facts.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';

type IdentityFacts = Pick<Invitation, 'firstName' | 'lastName' | 'email' | 'syncedAt' | 'changeAt'>;

/** What comes from the MLMS profile alone: since when it is so here, and where it is changed (guide, Registration 2). */
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
          // whoever has one name alone has no line for the other
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

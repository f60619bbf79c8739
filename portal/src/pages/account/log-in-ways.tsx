import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { securityPath } from '../../account-home.ts';
import { keys } from '../../api/queries.ts';
import { Facts } from '../../layout/facts.tsx';
import { Loaded } from '../../layout/loaded.tsx';
import { usePortal, useText, whenHere } from '../../portal-context.tsx';

/** Section with the ways to log in that the account has, and the pages that change them. */
export function LogInWays() {
  const { calls, now } = usePortal();
  const { sentences, words } = useText();
  const text = words.account.logIn;
  const factors = useQuery({ queryKey: keys.secondFactor, queryFn: calls.secondFactor });
  return (
    <section aria-labelledby="log-in-ways">
      <h2 id="log-in-ways" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <Loaded query={factors}>
        {({ passkeys, authenticatorApp: app, recoveryCodes }) => (
          <Facts
            of={[
              [text.passkeys, passkeys === 0 ? text.none : passkeys],
              [
                text.app,
                app ? text.since(sentences.at(new Date(app.confirmedAt), whenHere(now()))) : text.none,
              ],
              ...(app ? [[text.codes, text.left(recoveryCodes)] as const] : []),
            ]}
          />
        )}
      </Loaded>
      <p>
        <Link to="/account/password">{words.passwords.change.link}</Link>
      </p>
      <p>
        <Link to={securityPath}>{words.security.link}</Link>
      </p>
    </section>
  );
}

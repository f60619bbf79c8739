import { Alert } from '@cmsgov/design-system';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { homeOf } from '../../../account-home.ts';
import { keys, useSession } from '../../../api/queries.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { AuthenticatorApp } from './authenticator-app.tsx';
import { Passkeys } from './passkeys.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Page with what an account logs in with besides its password. Ops come here first, until they have a second factor. */
export function SecurityPage() {
  const { calls } = usePortal();
  const text = useText().words.security;
  const { data: session } = useSession();
  const factors = useQuery({ queryKey: keys.secondFactor, queryFn: calls.secondFactor });
  return (
    <Page title={text.title} wide>
      <p>{text.lead}</p>
      <Loaded query={factors}>
        {(own) => {
          const hasOne = own.authenticatorApp !== null || own.passkeys > 0;
          return (
            <>
              {own.required && !hasOne && (
                <Alert variation="warn" heading={text.mustAdd.heading}>
                  <p className="ds-u-margin--0">{text.mustAdd.text}</p>
                </Alert>
              )}
              <Passkeys />
              <AuthenticatorApp app={own.authenticatorApp} />
              {hasOne && <RecoveryCodes left={own.recoveryCodes} />}
              {hasOne && session && (
                <p>
                  <Link to={homeOf(session)}>{text.done}</Link>
                </p>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

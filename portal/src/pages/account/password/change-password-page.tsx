import { useSession } from '../../../api/queries.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { useText } from '../../../portal-context.tsx';
import { ChangePasswordForm } from './change-password-form.tsx';

/** Page to change one's own password, where password managers lead to (`/.well-known/change-password`). */
export function ChangePasswordPage() {
  const text = useText().words.passwords.change;
  const { data: session } = useSession();
  return (
    <Page title={text.title}>
      <p>{session?.mustReplacePassword ? text.mustReplace : text.lead}</p>
      {session && <ChangePasswordForm owner={session} />}
    </Page>
  );
}

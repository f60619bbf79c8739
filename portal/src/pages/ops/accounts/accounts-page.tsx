import { useState } from 'react';
import { Link } from 'react-router';
import { useSession } from '../../../api/queries.ts';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Status } from '../../../layout/status.tsx';
import { useText } from '../../../portal-context.tsx';
import { AccountList } from './account-list.tsx';
import { type AdminAction, type AdminDraft, type Done, draftOf } from './admin-action.ts';
import { AdminDialog } from './admin-dialog.tsx';
import { FeedKeyList } from './feed-key-list.tsx';
import { ShownSecret } from './shown-secret.tsx';

/** Page of administrators: the accounts of ops and auditors, and the keys of systems that upload feeds. */
export function AccountsPage() {
  const { words } = useText();
  const text = words.ops.accounts;
  const { data: session } = useSession();
  const [open, setOpen, draft] = useDraftState<AdminDraft | null>({ kept: 'administration' }, null);
  const [done, setDone] = useState<Done>();
  const choose = (action: AdminAction) => {
    setDone(undefined);
    setOpen(draftOf(action));
  };
  const close = () => {
    setOpen(null);
    draft.clear();
  };
  if (session?.role !== 'ops-admin')
    return (
      <Page title={text.title}>
        <p>{text.notAdmin}</p>
      </Page>
    );
  return (
    <Page title={text.title} wide>
      <p>
        <Link to="/ops">{words.ops.back}</Link>
      </p>
      <p>{text.lead}</p>
      <Status>{done && <strong>{done.said}</strong>}</Status>
      {done?.secret && <ShownSecret {...done.secret} />}
      <AccountList ownId={session.accountId} onChoose={choose} />
      <FeedKeyList onChoose={choose} />
      {open && (
        <AdminDialog
          key={open.action.buttonId}
          draft={open}
          onChange={setOpen}
          notice={<DraftNotice draft={draft} onDiscard={() => setOpen(draftOf(open.action))} />}
          onClose={() => {
            close();
            document.getElementById(open.action.buttonId)?.focus();
          }}
          onDone={(result) => {
            close();
            setDone(result);
          }}
        />
      )}
    </Page>
  );
}

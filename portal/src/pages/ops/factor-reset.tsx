import { useState } from 'react';
import { useSession } from '../../api/queries.ts';
import { Button } from '../../form/button.tsx';
import { DraftNotice } from '../../form/draft-notice.tsx';
import { useDraftState } from '../../form/use-draft.ts';
import { Status } from '../../layout/status.tsx';
import { useText } from '../../portal-context.tsx';
import { type AdminDraft, draftOf } from './accounts/admin-action.ts';
import { AdminDialog } from './accounts/admin-dialog.tsx';

/** Button for administrators, for an agent who has lost every second factor. */
export function FactorReset({ npn, accountId }: { npn: string; accountId: string }) {
  const text = useText().words.ops.accounts.resetFactors;
  const { data: session } = useSession();
  const [open, setOpen, draft] = useDraftState<AdminDraft | null>({ kept: `factors ${npn}` }, null);
  const [isDone, setIsDone] = useState(false);
  const begun = () =>
    draftOf({ action: 'resetFactors', account: { id: accountId, username: npn }, buttonId: 'reset-factors' });
  const close = () => {
    setOpen(null);
    draft.clear();
  };
  if (session?.role !== 'ops-admin') return null;
  return (
    <>
      <Button
        id="reset-factors"
        onClick={() => {
          setIsDone(false);
          setOpen(begun());
        }}
      >
        {text.name}
      </Button>
      <Status>{isDone && <strong>{text.done}</strong>}</Status>
      {open && (
        <AdminDialog
          draft={open}
          onChange={setOpen}
          notice={<DraftNotice draft={draft} onDiscard={() => setOpen(begun())} />}
          onClose={() => {
            close();
            document.getElementById('reset-factors')?.focus();
          }}
          onDone={() => {
            close();
            setIsDone(true);
          }}
        />
      )}
    </>
  );
}

import { useState } from 'react';
import type { AgentForOps } from '../../../../api/schemas/ops/ops.ts';
import { type OpsAction, opsActions } from '../../../../domain/ops/ops-actions.ts';
import { Button } from '../../form/button.tsx';
import { DraftNotice } from '../../form/draft-notice.tsx';
import { useDraftState } from '../../form/use-draft.ts';
import { DataTable } from '../../layout/data-table.tsx';
import { Status } from '../../layout/status.tsx';
import { useNow } from '../../live/use-now.ts';
import { useText, whenHere } from '../../portal-context.tsx';
import { ActionDialog, type ActionDraft } from './action-dialog.tsx';

/** Ops actions that are possible for an agent now, and the earlier actions and notes. */
export function AgentActions({ agent: { npn, canDo, actions } }: { agent: AgentForOps }) {
  const { sentences, words } = useText();
  const text = words.ops;
  const now = useNow(60_000);
  const [open, setOpen, draft] = useDraftState<ActionDraft | null>({ kept: `action ${npn}` }, null);
  const close = () => {
    setOpen(null);
    draft.clear();
  };
  const [done, setDone] = useState<OpsAction>();
  return (
    <section aria-labelledby="actions">
      <h2 id="actions" className="ds-text-heading--lg">
        {text.actions}
      </h2>
      <div className="hod-buttons">
        {opsActions
          .filter((action) => canDo.includes(action))
          .map((action) => (
            <Button
              key={action}
              variation={action === 'deactivate' ? 'ghost' : undefined}
              onClick={() => {
                setDone(undefined);
                setOpen({ action, reason: '' });
              }}
            >
              {sentences.opsAction[action]}
            </Button>
          ))}
      </div>
      <Status>{done && <strong>{text.done[done]}</strong>}</Status>
      {open && canDo.includes(open.action) && (
        <ActionDialog
          npn={npn}
          draft={open}
          onChange={setOpen}
          notice={
            <DraftNotice draft={draft} onDiscard={() => setOpen({ action: open.action, reason: '' })} />
          }
          onClose={close}
          onDone={() => {
            setDone(open.action);
            close();
          }}
        />
      )}
      {actions.length === 0 ? (
        <p>{text.noActions}</p>
      ) : (
        <DataTable
          id="actions-table"
          caption={text.actionsCaption}
          columns={[text.when, text.by, text.action, text.reason]}
          rows={actions.map(({ id, action, at, by, because, planYear, reason }) => ({
            key: id,
            cells: [
              sentences.at(new Date(at), whenHere(now)),
              by,
              [sentences.opsAction[action], because && sentences.deactivationCause[because], planYear]
                .filter(Boolean)
                .join(', '),
              <span key="reason" className="hod-own-words">
                {reason}
              </span>,
            ],
          }))}
        />
      )}
    </section>
  );
}

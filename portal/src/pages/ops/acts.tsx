import { Button } from '@cmsgov/design-system';
import { useState } from 'react';
import type { AgentForOps } from '../../../../api/schemas/ops.ts';
import { type OpsAct, opsActs } from '../../../../domain/ops-acts.ts';
import { DataTable } from '../../layout/data-table.tsx';
import { Status } from '../../layout/status.tsx';
import { useNow } from '../../live/use-now.ts';
import { useText, whenHere } from '../../portal-context.tsx';
import { ActDialog } from './act-dialog.tsx';

/** What can be done about an agent now, and what was done and noted before. */
export function Acts({ agent: { npn, canDo, acts } }: { agent: AgentForOps }) {
  const { sentences, words } = useText();
  const text = words.ops;
  const now = useNow(60_000);
  const [open, setOpen] = useState<OpsAct>();
  const [done, setDone] = useState<OpsAct>();
  return (
    <section aria-labelledby="acts">
      <h2 id="acts" className="ds-text-heading--lg">
        {text.acts}
      </h2>
      <div className="hod-buttons">
        {opsActs
          .filter((act) => canDo.includes(act))
          .map((act) => (
            <Button
              key={act}
              variation={act === 'deactivate' ? 'ghost' : undefined}
              onClick={() => {
                setDone(undefined);
                setOpen(act);
              }}
            >
              {sentences.opsAct[act]}
            </Button>
          ))}
      </div>
      <Status>{done && <strong>{text.done[done]}</strong>}</Status>
      {open && (
        <ActDialog
          npn={npn}
          act={open}
          onClose={() => setOpen(undefined)}
          onDone={() => {
            setDone(open);
            setOpen(undefined);
          }}
        />
      )}
      {acts.length === 0 ? (
        <p>{text.noActs}</p>
      ) : (
        <DataTable
          id="acts-table"
          caption={text.actsCaption}
          columns={[text.when, text.by, text.act, text.reason]}
          rows={acts.map(({ id, act, at, by, because, planYear, reason }) => ({
            key: id,
            cells: [
              sentences.at(new Date(at), whenHere(now)),
              by,
              [sentences.opsAct[act], because && sentences.deactivationCause[because], planYear]
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

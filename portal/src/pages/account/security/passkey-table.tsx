import type { Passkey } from '../../../../../api/schemas/accounts/passkeys.ts';
import { Button } from '../../../form/button.tsx';
import { DataTable } from '../../../layout/data-table.tsx';
import { useNow } from '../../../live/use-now.ts';
import { useText, whenHere } from '../../../portal-context.tsx';

export interface PasskeyTableProps {
  of: readonly Passkey[];
  isBusy: boolean;
  onRename: (passkey: Passkey) => void;
  onRemove: (passkey: Passkey) => void;
}

/** Table of passkeys, each with buttons to rename and to remove it. */
export function PasskeyTable({ of, isBusy, onRename, onRemove }: PasskeyTableProps) {
  const { sentences, words } = useText();
  const text = words.security.passkeys;
  const now = useNow(60_000);
  const at = (instant: string) => sentences.at(new Date(instant), whenHere(now));
  return (
    <DataTable
      id="passkeys-table"
      caption={text.caption}
      columns={[text.name, text.added, text.used, text.where, text.action]}
      rows={of.map((passkey) => ({
        key: passkey.id,
        cells: [
          passkey.name,
          at(passkey.createdAt),
          passkey.usedAt ? at(passkey.usedAt) : text.never,
          passkey.isSynced ? text.synced : text.onDevice,
          <div key="buttons" className="hod-row-buttons">
            <Button size="small" isBusy={isBusy} onClick={() => onRename(passkey)}>
              {text.rename}
            </Button>
            <Button size="small" isBusy={isBusy} onClick={() => onRemove(passkey)}>
              {text.remove}
            </Button>
          </div>,
        ],
      }))}
    />
  );
}

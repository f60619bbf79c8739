import { Button } from '@cmsgov/design-system';
import type { ReactNode } from 'react';
import { maxOpenItems } from '../../../../api/schemas/ops/ops-actions.ts';
import { DataTable } from '../../layout/data-table.tsx';
import { Loaded, type LoadedProps } from '../../layout/loaded.tsx';
import { useText } from '../../portal-context.tsx';

/** What ops are about to do about one of those that wait. */
export interface WaitingAction {
  /** Where the focus returns to. */
  buttonId: string;
  words: { name: string; explain: string; done: string };
  /** Which one of those that wait, for the dialog and for who hears the button alone. */
  about: string;
  isReason: (reason: string) => boolean;
  send: (reason: string) => Promise<unknown>;
}

export interface WaitingListProps<Item extends { id: string }> {
  id: string;
  query: LoadedProps<Item[]>['query'];
  caption: string;
  /** What is said where nothing waits. */
  none: string;
  columns: readonly string[];
  cellsOf: (item: Item) => ReactNode[];
}

/** One list of what waits, the oldest first, with what can be done about each. */
export function WaitingList<Item extends { id: string }>(props: WaitingListProps<Item>) {
  const { id, query, caption, none, columns, cellsOf } = props;
  const text = useText().words.ops.waiting;
  return (
    <Loaded query={query}>
      {(items) =>
        items.length === 0 ? (
          <p>{none}</p>
        ) : (
          <>
            {items.length >= maxOpenItems && <p>{text.more(maxOpenItems)}</p>}
            <DataTable
              id={id}
              caption={caption}
              columns={columns}
              rows={items.map((item) => ({ key: item.id, cells: cellsOf(item) }))}
            />
          </>
        )
      }
    </Loaded>
  );
}

/** The buttons of a row. */
export function WaitingActions(props: {
  acts: readonly WaitingAction[];
  onChoose: (act: WaitingAction) => void;
}) {
  const { acts, onChoose } = props;
  return (
    <div className="hod-row-buttons">
      {acts.map((act) => (
        <Button key={act.buttonId} id={act.buttonId} size="small" onClick={() => onChoose(act)}>
          {act.words.name}
          <span className="ds-u-visibility--screen-reader"> {act.about}</span>
        </Button>
      ))}
    </div>
  );
}

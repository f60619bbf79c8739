import type { ReactNode } from 'react';
import { maxOpenItems } from '../../../../api/schemas/ops/ops-actions.ts';
import { Button } from '../../form/button.tsx';
import { DataTable } from '../../layout/data-table.tsx';
import { Loaded, type LoadedProps } from '../../layout/loaded.tsx';
import { useText } from '../../portal-context.tsx';

/** An action that ops have chosen for an item. */
export interface WaitingAction {
  /** Element that the focus returns to. */
  buttonId: string;
  words: { name: string; explain: string; done: string };
  /** Description of the item, for the dialog and for the button's accessible name. */
  about: string;
  isReason: (reason: string) => boolean;
  send: (reason: string) => Promise<unknown>;
}

export interface WaitingListProps<Item extends { id: string }> {
  id: string;
  query: LoadedProps<Item[]>['query'];
  caption: string;
  /** Text for an empty list. */
  none: string;
  columns: readonly string[];
  cellsOf: (item: Item) => ReactNode[];
}

/** A list of waiting items, the oldest first, with the actions for each. */
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

/** Buttons of a row. */
export function WaitingActions(props: {
  actions: readonly WaitingAction[];
  onChoose: (action: WaitingAction) => void;
}) {
  const { actions, onChoose } = props;
  return (
    <div className="hod-row-buttons">
      {actions.map((action) => (
        <Button key={action.buttonId} id={action.buttonId} size="small" onClick={() => onChoose(action)}>
          {action.words.name}
          <span className="ds-u-visibility--screen-reader"> {action.about}</span>
        </Button>
      ))}
    </div>
  );
}

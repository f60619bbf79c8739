import { useQuery } from '@tanstack/react-query';
import type { FeedKey } from '../../../../../api/schemas/accounts/feed-keys.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DataTable } from '../../../layout/data-table.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import type { AdminAction } from './admin-action.ts';
import { AdminButtons } from './admin-buttons.tsx';

/** Keys of systems that upload feeds, with what can be done about each. */
export function FeedKeyList({ onChoose }: { onChoose: (action: AdminAction) => void }) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const { keys: text, ...all } = words.ops.accounts;
  const now = useNow(60_000);
  const list = useQuery({
    queryKey: keys.opsFeedKeys,
    queryFn: calls.opsFeedKeys,
    select: (answer) => answer.keys,
  });
  const at = (instant: string) => sentences.at(new Date(instant), whenHere(now));
  const stateOf = ({ revokedAt, earlierSecretUntil }: FeedKey) => {
    if (revokedAt) return text.revoked(at(revokedAt));
    return earlierSecretUntil ? text.earlier(at(earlierSecretUntil)) : text.usable;
  };
  const cellsOf = (key: FeedKey) => [
    key.name,
    key.feeds.map((feed) => text.feed[feed]).join(', '),
    key.lastUsedAt ? at(key.lastUsedAt) : all.never,
    text.createdBy(at(key.createdAt), key.createdBy),
    stateOf(key),
    <AdminButtons
      key="actions"
      actions={
        key.revokedAt
          ? []
          : (['rotateKey', 'revokeKey'] as const).map((action) => ({
              action,
              feedKey: key,
              buttonId: `${action}-${key.id}`,
            }))
      }
      about={key.name}
      onChoose={onChoose}
    />,
  ];
  return (
    <section aria-labelledby="feed-keys">
      <h2 id="feed-keys" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <Button id="create-key" onClick={() => onChoose({ action: 'createKey', buttonId: 'create-key' })}>
        {all.createKey.name}
      </Button>
      <Loaded query={list}>
        {(found) =>
          found.length === 0 ? (
            <p>{text.none}</p>
          ) : (
            <DataTable
              id="feed-keys-table"
              caption={text.caption}
              columns={[text.name, text.feeds, text.lastUsed, text.created, text.state, text.actions]}
              rows={found.map((key) => ({ key: key.id, cells: cellsOf(key) }))}
            />
          )
        }
      </Loaded>
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { OpsAccount } from '../../../../../api/schemas/accounts/ops-accounts.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DataTable } from '../../../layout/data-table.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import type { AdminAction } from './admin-action.ts';
import { AdminButtons } from './admin-buttons.tsx';

/** Accounts of ops, administrators and auditors, with what can be done about each. */
export function AccountList(props: { ownId: string; onChoose: (action: AdminAction) => void }) {
  const { ownId, onChoose } = props;
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.ops.accounts;
  const now = useNow(60_000);
  const list = useQuery({
    queryKey: keys.opsAccounts,
    queryFn: calls.opsAccounts,
    select: ({ accounts }) => accounts,
  });
  const stateOf = ({ id, deactivatedAt }: OpsAccount) => {
    if (deactivatedAt) return text.list.deactivated(sentences.at(new Date(deactivatedAt), whenHere(now)));
    return id === ownId ? text.list.own : text.list.usable;
  };
  const actionsOn = (account: OpsAccount): AdminAction[] =>
    account.deactivatedAt
      ? []
      : (['changeRole', 'setPassword', 'resetFactors', 'deactivate'] as const).map((action) => ({
          action,
          account,
          buttonId: `${action}-${account.id}`,
        }));
  return (
    <section aria-labelledby="accounts">
      <h2 id="accounts" className="ds-text-heading--lg">
        {text.list.heading}
      </h2>
      <Button id="open-account" onClick={() => onChoose({ action: 'open', buttonId: 'open-account' })}>
        {text.open.name}
      </Button>
      <Loaded query={list}>
        {(accounts) => (
          <DataTable
            id="accounts-table"
            caption={text.list.caption}
            columns={[text.list.username, text.list.role, text.list.state, text.list.actions]}
            rows={accounts.map((account) => ({
              key: account.id,
              cells: [
                account.username,
                text.roles[account.role].label,
                stateOf(account),
                <AdminButtons
                  key="actions"
                  actions={actionsOn(account)}
                  about={account.username}
                  onChoose={onChoose}
                />,
              ],
            }))}
          />
        )}
      </Loaded>
    </section>
  );
}

import { keys, useSession } from '../../api/queries.ts';
import { Page } from '../../layout/frame/page.tsx';
import { usePortal, useText } from '../../portal-context.tsx';
import { ChannelList } from './channel-list.tsx';
import { Departure } from './departure.tsx';
import { LogInWays } from './log-in-ways.tsx';
import { OwnData } from './own-data.tsx';
import { SecurityEventTable } from './security-event-table.tsx';
import { SessionTable } from './session-table.tsx';

/** Page about one's own account: how and where it is logged in, what happened with it, and an agent's channels. */
export function AccountPage() {
  const { calls } = usePortal();
  const { words } = useText();
  const isAgent = useSession().data?.role === 'agent';
  return (
    <Page title={words.account.title} wide>
      <LogInWays />
      {isAgent && <ChannelList />}
      <SessionTable />
      <SecurityEventTable queryKey={keys.ownSecurityEvents} read={calls.ownSecurityEvents} />
      {isAgent && <OwnData />}
      {isAgent && <Departure />}
    </Page>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { replyDecision, type UnclearReplyList } from '../../../../api/schemas/ops/ops-actions.ts';
import { keys } from '../../api/queries.ts';
import { usePortal, useText } from '../../portal-context.tsx';
import { useAge } from './use-age.ts';
import { type WaitingAction, WaitingActions, WaitingList } from './waiting-list.tsx';

type Reply = UnclearReplyList['replies'][number];

/** Replies to texts that could not be understood. No texts go to these phones until ops decide. */
export function UnclearReplies({ onChoose }: { onChoose: (action: WaitingAction) => void }) {
  const { calls } = usePortal();
  const { words } = useText();
  const text = words.ops.waiting.replies;
  const ageOf = useAge();
  const replies = useQuery({
    queryKey: keys.opsUnclearReplies,
    queryFn: calls.opsUnclearReplies,
    select: ({ replies: list }) => list,
    refetchInterval: 30_000,
  });
  const decide = (reply: Reply, texts: 'again' | 'off'): WaitingAction => ({
    buttonId: `${texts}-${reply.id}`,
    words: text[texts],
    about: text.about([...reply.npns.map(text.agent), ...reply.referralIds.map(text.request)]),
    isReason: (reason) => replyDecision.safeParse({ texts, reason }).success,
    send: (reason) => calls.decideOnReply(reply.id, { texts, reason }),
  });
  return (
    <WaitingList
      id="replies-table"
      query={replies}
      caption={text.caption}
      none={text.none}
      columns={[text.age, text.whose, words.ops.actions]}
      cellsOf={(reply) => [
        ageOf(reply.stoppedAt),
        <Owners key="owners" of={reply} />,
        <WaitingActions
          key="actions"
          actions={[decide(reply, 'again'), decide(reply, 'off')]}
          onChoose={onChoose}
        />,
      ]}
    />
  );
}

/** Owners of a phone: agents by NPN, consumers by their open requests. */
function Owners({ of: { npns, referralIds } }: { of: Reply }) {
  const text = useText().words.ops.waiting.replies;
  if (npns.length + referralIds.length === 0) return <>{text.nobody}</>;
  return (
    <ul className="hod-plain-list">
      {npns.map((npn) => (
        <li key={npn}>
          <Link to={`/ops/agents/${npn}`}>{text.agent(npn)}</Link>
        </li>
      ))}
      {referralIds.map((id) => (
        <li key={id}>{text.request(id)}</li>
      ))}
    </ul>
  );
}

import type { AgentForOps } from '../../../../api/schemas/ops/ops.ts';
import type { NoticeKind } from '../../../../domain/notifications/notices.ts';
import { DataTable } from '../../layout/data-table.tsx';
import { useNow } from '../../live/use-now.ts';
import { useText, whenHere } from '../../portal-context.tsx';

/** Notices to the agent, with the deliveries by channel. */
export function AgentNotices({ of }: { of: AgentForOps['notices'] }) {
  const { sentences, words } = useText();
  const text = words.ops;
  const now = useNow(60_000);
  return (
    <section aria-labelledby="notices">
      <h2 id="notices" className="ds-text-heading--lg">
        {text.notices}
      </h2>
      {of.length === 0 ? (
        <p>{text.noNotices}</p>
      ) : (
        <DataTable
          id="notices-table"
          caption={text.noticesCaption}
          columns={[text.when, text.planYear, text.notice, text.delivery]}
          rows={of.map(({ kind, planYear, createdAt, channels }) => ({
            key: `${kind} ${createdAt}`,
            cells: [
              sentences.at(new Date(createdAt), whenHere(now)),
              planYear,
              sentences.noticeName[kind as NoticeKind] ?? kind,
              channels.length === 0
                ? text.noChannel
                : channels
                    .map(({ channel, status, code }) =>
                      text.delivered(sentences.channel[channel], text.status[status] ?? status, code),
                    )
                    .join('; '),
            ],
          }))}
        />
      )}
    </section>
  );
}

import type { UnofferedReferralsView } from '../../../../../api/schemas/referrals/unoffered-referrals.ts';
import { mostLatest, unofferedReasons } from '../../../../../domain/matching/unoffered.ts';
import type { TimeContext } from '../../../../../domain/text/locale-format.ts';
import { languageLabel } from '../../../form/language-options.ts';
import { DataTable } from '../../../layout/data-table.tsx';
import { useText } from '../../../portal-context.tsx';

/** Formats a calendar date. */
function dayText(date: string, language: string): string {
  const format = { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(language, format).format(new Date(date));
}

type Days = Pick<UnofferedReferralsView, 'days'>;

/** How many requests went elsewhere for which reason, the most frequent first. */
export function UnofferedByReason({ days }: Days) {
  const text = useText().words.record.unoffered.reasons;
  const all = days.flatMap((day) => day.reasons);
  const totals = unofferedReasons
    .map((reason) => ({
      reason,
      requests: all.filter((one) => one.reason === reason).reduce((total, one) => total + one.requests, 0),
    }))
    .filter(({ requests }) => requests > 0)
    .toSorted((a, b) => b.requests - a.requests);
  if (totals.length === 0) return null;
  return (
    <section aria-labelledby="reasons">
      <h2 id="reasons" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <DataTable
        id="reasons-table"
        caption={text.caption}
        columns={[text.reason, text.requests]}
        rows={totals.map(({ reason, requests }) => ({
          key: reason,
          cells: [<ReasonText key="reason" reason={reason} />, requests],
        }))}
      />
    </section>
  );
}

/** Requests of each day, with how many went elsewhere for which reason. */
export function UnofferedByDay({ days }: Days) {
  const { sentences, words } = useText();
  const text = words.record.unoffered.days;
  return (
    <section aria-labelledby="days">
      <h2 id="days" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <DataTable
        id="days-table"
        caption={text.caption}
        columns={[text.day, text.requests, text.offered, text.reasons]}
        rows={days.map(({ day, requests, offered, reasons }) => ({
          key: day,
          cells: [
            dayText(day, sentences.language),
            requests,
            offered,
            reasons
              .map((one) => text.reason(one.requests, sentences.unofferedReason[one.reason].name))
              .join('; ') || text.none,
          ],
        }))}
      />
    </section>
  );
}

/** The latest requests that went elsewhere, each with the rule that kept it away. */
export function LatestUnoffered({
  latest,
  when,
}: Pick<UnofferedReferralsView, 'latest'> & { when: TimeContext }) {
  const { sentences, words } = useText();
  const text = words.record.unoffered.latest;
  return (
    <section aria-labelledby="latest">
      <h2 id="latest" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      {latest.length === 0 ? (
        <p>{text.none}</p>
      ) : (
        <DataTable
          id="latest-table"
          caption={text.caption(mostLatest)}
          columns={[text.hour, text.state, text.language, text.need, text.reason]}
          rows={latest.map(({ hour, state, language, need, reason, asked }, index) => ({
            key: `${hour} ${index}`,
            cells: [
              sentences.at(new Date(hour), when),
              state,
              language === null ? text.otherLanguage : languageLabel(language, sentences),
              sentences.need[need],
              <ReasonText key="reason" reason={reason} more={text.asked(asked)} />,
            ],
          }))}
        />
      )}
    </section>
  );
}

function ReasonText({
  reason,
  more,
}: {
  reason: UnofferedReferralsView['latest'][number]['reason'];
  more?: string;
}) {
  const { name, agent } = useText().sentences.unofferedReason[reason];
  return (
    <>
      <strong>{name}</strong>
      <span className="hod-because">{more === undefined ? agent : `${agent} ${more}`}</span>
    </>
  );
}

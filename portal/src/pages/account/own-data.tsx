import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/queries.ts';
import { DownloadButton } from '../../layout/download-button.tsx';
import { usePortal, useText } from '../../portal-context.tsx';

/** Section that says what is kept about the agent, for how long, and gives it as a file. */
export function OwnData() {
  const { calls } = usePortal();
  const text = useText().words.account.ownData;
  const { data } = useQuery({ queryKey: keys.agentData, queryFn: calls.agentData });
  if (!data) return null;
  return (
    <section aria-labelledby="own-data">
      <h2 id="own-data" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <p>{text.text(data.kept.agentDaysAfterEnd, data.kept.recordYears)}</p>
      <div className="hod-buttons">
        <DownloadButton name={`help-on-demand-${data.agent.npn}.json`} content={data}>
          {text.download}
        </DownloadButton>
      </div>
    </section>
  );
}

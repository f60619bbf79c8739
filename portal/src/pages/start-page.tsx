import { Page } from '../layout/frame/page.tsx';
import { usePortal, useText } from '../portal-context.tsx';

/** Start page, for consumers and for agents. */
export function StartPage() {
  const { start } = useText().words;
  const { Link } = usePortal();
  return (
    <Page title={start.title}>
      <p className="ds-text-body--lg">{start.lead}</p>
      <div className="hod-cards">
        <section className="hod-card" aria-labelledby="for-consumers">
          <h2 id="for-consumers" className="ds-text-heading--lg">
            {start.consumer.heading}
          </h2>
          <p>{start.consumer.text}</p>
          <p>
            <Link to="/help" className="ds-c-button ds-c-button--solid">
              {start.consumer.action}
            </Link>
          </p>
          <p>
            <Link to="/how-long">{start.consumer.howLong}</Link>
          </p>
        </section>
        <section className="hod-card" aria-labelledby="for-agents">
          <h2 id="for-agents" className="ds-text-heading--lg">
            {start.agent.heading}
          </h2>
          <p>{start.agent.text}</p>
          <p>
            <Link to="/login" className="ds-c-button">
              {start.agent.action}
            </Link>
          </p>
          <p className="ds-text-body--sm">{start.agent.invitation}</p>
        </section>
      </div>
    </Page>
  );
}

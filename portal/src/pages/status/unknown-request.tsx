import { Page } from '../../layout/page.tsx';
import { useText } from '../../portal-context.tsx';

/** The link is not complete, or not one of ours. */
export function UnknownRequest() {
  const { unknown } = useText().words.status;
  return (
    <Page title={unknown.title}>
      <p>{unknown.text}</p>
    </Page>
  );
}

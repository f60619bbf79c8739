import { Alert } from '@cmsgov/design-system';
import type { StateMarketplace } from '../../../../../api/schemas/problem.ts';
import { Facts } from '../../../layout/facts.tsx';
import { useText } from '../../../portal-context.tsx';

/** Where the people of a state with its own marketplace get help. */
export function StateMarketplaceCard({
  marketplace: { name, url, phone },
}: {
  marketplace: StateMarketplace;
}) {
  const { elsewhere } = useText().words.help;
  return (
    <Alert variation="warn" heading={elsewhere.heading}>
      <p>{elsewhere.text(name)}</p>
      <Facts
        of={[
          [
            name,
            <a key="url" href={url}>
              {url}
            </a>,
          ],
          [
            elsewhere.phone,
            <a key="phone" href={`tel:+${phone.replace(/\D/g, '')}`}>
              {phone}
            </a>,
          ],
        ]}
      />
    </Alert>
  );
}

import { useState } from 'react';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useText } from '../../../portal-context.tsx';
import { AbsenceList } from './absence-list.tsx';
import { AvailabilityNow } from './availability-now.tsx';
import { HoursForm } from './hours-form.tsx';
import { ReadinessCheck } from './readiness-check.tsx';
import { TestOffers } from './test-offers.tsx';
import { useAvailability } from './use-availability.ts';

/** Page for an agent's availability: weekly hours and absences. */
export function AvailabilityPage() {
  const text = useText().sentences.availability.page;
  const availability = useAvailability();
  const [used, setUsed] = useState<'hours' | 'absences'>();
  /** Notes which form is in use: with the click or the change, and not before, when text that goes would move the target. */
  const use = (form: typeof used) => ({ onClick: () => setUsed(form), onChange: () => setUsed(form) });
  return (
    <Page title={text.title}>
      <p>{text.lead}</p>
      <Loaded query={availability}>
        {(view) => (
          <>
            <AvailabilityNow view={view} />
            <p>{text.clock(view.timeZone)}</p>
            <div {...use('hours')}>
              <HoursForm view={view} isSetAside={used === 'absences'} />
            </div>
            <div {...use('absences')}>
              <AbsenceList absences={view.absences} isSetAside={used === 'hours'} />
            </div>
            <ReadinessCheck />
            <TestOffers />
          </>
        )}
      </Loaded>
    </Page>
  );
}

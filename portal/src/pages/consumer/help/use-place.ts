import { useEffect, useState } from 'react';
import type { PlaceView } from '../../../../../api/schemas/referrals/places.ts';
import { readZip } from '../../../../../domain/values/zip.ts';
import { usePortal } from '../../../portal-context.tsx';

/**
 * Looks a ZIP up as soon as its five digits are typed.
 * @param coverageYear four digits
 * @returns undefined until there is an answer for this ZIP, and where there is none: the request is checked again when it is sent
 */
export function usePlace(typedZip: string, coverageYear: string): PlaceView | undefined {
  const { calls } = usePortal();
  const zip = readZip(typedZip);
  const [found, setFound] = useState<PlaceView>();
  useEffect(() => {
    if (zip === undefined || coverageYear === '') return undefined;
    let isCurrent = true;
    calls.place(zip, coverageYear).then(
      (place) => isCurrent && setFound(place),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [calls, zip, coverageYear]);
  return found?.zip === zip && `${found?.coverageYear}` === coverageYear ? found : undefined;
}

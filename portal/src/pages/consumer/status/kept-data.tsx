import { useQuery } from '@tanstack/react-query';
import { dayIn } from '../../../../../domain/text/locale-format.ts';
import type { ReferralKey } from '../../../api/calls.ts';
import { keys } from '../../../api/queries.ts';
import { DownloadButton } from '../../../layout/download-button.tsx';
import { useLanguage, usePortal, useText } from '../../../portal-context.tsx';

/** Section that says what is kept about the consumer, until when, and gives it as a file. */
export function KeptData({ referralKey }: { referralKey: ReferralKey }) {
  const { calls } = usePortal();
  const { language } = useLanguage();
  const text = useText().words.status.kept;
  const { data } = useQuery({
    queryKey: keys.consumerData(referralKey.id),
    queryFn: () => calls.consumerData(referralKey),
  });
  if (!data) return null;
  const { everythingUntil, contactUntil, contactDaysAfterEnd, consentRecordUntil, requestYearsAfterEnd } =
    data.kept;
  const day = (instant: string) => dayIn(language, instant.slice(0, 10));
  const sentences =
    everythingUntil !== null
      ? [text.everythingUntil(day(everythingUntil))]
      : [
          data.contact === null
            ? text.contactErased
            : contactUntil === null
              ? text.contactAfterEnd(contactDaysAfterEnd)
              : text.contactUntil(day(contactUntil)),
          ...(data.contact !== null
            ? [text.recordLater]
            : consentRecordUntil === null
              ? []
              : [text.recordUntil(day(consentRecordUntil))]),
          text.request(requestYearsAfterEnd),
        ];
  return (
    <section aria-labelledby="kept">
      <h2 id="kept" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {data.contact !== null && <p>{text.inPart}</p>}
      <DownloadButton name={`help-on-demand-${referralKey.id}.json`} content={data}>
        {text.download}
      </DownloadButton>
    </section>
  );
}

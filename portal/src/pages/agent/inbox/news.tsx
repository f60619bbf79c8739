import { Alert } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import { Button } from '../../../form/button.tsx';
import { useText } from '../../../portal-context.tsx';

/** How an offer ended while the page was open. */
export interface News {
  offerId: string;
  /** Place, such as `Provo, UT 84601`. */
  place: string;
  text: string;
}

/** One news item. After an answer it takes the focus, because the pressed button is gone. */
export function NewsItem({
  news: { place, text },
  takesFocus,
  onClose,
}: {
  news: News;
  takesFocus: boolean;
  onClose: () => void;
}) {
  const { dismiss } = useText().words.inbox;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus ds-u-margin-y--2">
      <Alert heading={place}>
        <p>{text}</p>
        <Button size="small" onClick={onClose}>
          {dismiss}
          <span className="ds-u-visibility--screen-reader"> {place}</span>
        </Button>
      </Alert>
    </div>
  );
}

import { Alert, Button } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import type { Consumer } from '../../../../../api/schemas/agents/profile.ts';
import { useText } from '../../../portal-context.tsx';
import { Contact } from './contact.tsx';

/** What came of an offer while the page was open. */
export interface News {
  offerId: string;
  /** `Provo, UT 84601`. */
  place: string;
  /** What happened, unless it was accepted. */
  text?: string;
  /** Whom to call, when it was accepted. */
  consumer?: Consumer;
}

/** One piece of news. It takes the focus when it follows an answer, whose button is gone. */
export function NewsItem({
  news,
  takesFocus,
  onClose,
}: {
  news: News;
  takesFocus: boolean;
  onClose: () => void;
}) {
  const text = useText().words.inbox;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);
  const { consumer, place } = news;
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus ds-u-margin-y--2">
      <Alert
        variation={consumer ? 'success' : undefined}
        heading={consumer ? text.acceptedHeading(place) : place}
      >
        {consumer ? <Contact consumer={consumer} /> : <p>{news.text}</p>}
        <Button size="small" onClick={onClose}>
          {text.dismiss}
          <span className="ds-u-visibility--screen-reader"> {place}</span>
        </Button>
      </Alert>
    </div>
  );
}

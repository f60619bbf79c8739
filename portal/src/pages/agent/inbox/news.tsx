import { Alert } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import type { Consumer } from '../../../../../api/schemas/agents/profile.ts';
import { Button } from '../../../form/button.tsx';
import { useText } from '../../../portal-context.tsx';
import { Contact } from './contact.tsx';

/** Result of an offer that ended or was answered while the page was open. */
export interface News {
  offerId: string;
  /** Place, such as `Provo, UT 84601`. */
  place: string;
  /** Text about the end, unless the offer was accepted. */
  text?: string;
  /** The consumer to contact, if the offer was accepted. */
  consumer?: Consumer;
}

/** One news item. After an answer it takes the focus, because the pressed button is gone. */
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

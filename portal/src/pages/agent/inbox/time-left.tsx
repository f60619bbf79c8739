import { Status } from '../../../layout/status.tsx';
import { countdownTo } from '../../../live/countdown.ts';
import { useNow } from '../../../live/use-now.ts';
import { useText, whenHere } from '../../../portal-context.tsx';

/** Longest time of which a clock shows each second. */
const clockMs = 2 * 60 * 60_000;

export interface TimeLeftProps {
  until: Date;
  /** What has to be done by then. */
  phase: 'offered' | 'accepted';
}

/**
 * Time left to answer an offer, or to reach the consumer. The clock is hidden from screen readers, which would read every
 * second. They can read the deadline at any time, and they announce the time left at a few milestones. A deadline on another
 * day has no clock.
 */
export function TimeLeft({ until, phase }: TimeLeftProps) {
  const { sentences, words } = useText();
  const text = words.inbox.timeLeft[phase];
  const now = useNow();
  const { clock, due, leftMs } = countdownTo(until, now);
  const spoken = () => {
    if (due === undefined) return '';
    return due === 0 ? text.over : text.spoken(sentences.duration(due));
  };
  return (
    <div>
      {leftMs <= clockMs && (
        <p className="ds-u-margin--0" aria-hidden="true">
          <span className="hod-clock">{clock}</span> {text.left}
        </p>
      )}
      <p className="ds-u-margin--0">
        {leftMs === 0 ? text.over : sentences.offerPhase[phase]({ until, when: whenHere(now) })}
      </p>
      <Status hidden>{spoken()}</Status>
    </div>
  );
}

import { Status } from '../../../layout/status.tsx';
import { countdownTo } from '../../../live/countdown.ts';
import { useNow } from '../../../live/use-now.ts';
import { useText, whenHere } from '../../../portal-context.tsx';

/**
 * Time left to answer an offer. The clock is hidden from screen readers, which would read every second. They can read the
 * deadline at any time, and they announce the time left at a few milestones.
 */
export function TimeLeft({ expiresAt }: { expiresAt: Date }) {
  const { sentences, words } = useText();
  const now = useNow();
  const { clock, due, leftMs } = countdownTo(expiresAt, now);
  const spoken = () => {
    if (due === undefined) return '';
    return due === 0 ? words.inbox.over : words.inbox.left(sentences.duration(due));
  };
  return (
    <div>
      <p className="ds-u-margin--0">
        {words.inbox.timeLeft}: <span className="hod-clock">{clock}</span>
      </p>
      <p className="ds-u-margin--0">
        {leftMs === 0
          ? words.inbox.over
          : sentences.offerPhase.offered({ until: expiresAt, when: whenHere(now) })}
      </p>
      <Status hidden>{spoken()}</Status>
    </div>
  );
}

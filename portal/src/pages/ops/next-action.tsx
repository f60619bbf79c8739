import type { OnboardingBoard } from '../../../../api/schemas/ops/ops.ts';
import { useText, whenHere } from '../../portal-context.tsx';

type Item = Pick<OnboardingBoard['items'][number], 'nextAction' | 'nextActionAt'>;

/** Next automatic action of the service, with its time. */
export function NextActionText({ of: { nextAction, nextActionAt }, now }: { of: Item; now: Date }) {
  const { sentences } = useText();
  return (
    <>
      {nextAction}
      {nextActionAt && `: ${sentences.at(new Date(nextActionAt), whenHere(now))}`}
    </>
  );
}

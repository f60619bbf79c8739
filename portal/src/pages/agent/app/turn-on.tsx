import { Alert } from '@cmsgov/design-system';
import type { UseMutationResult } from '@tanstack/react-query';
import { ApiProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { useInstallWay } from './use-install-way.ts';

/**
 * Turns pushes on for this device: says first what the device will ask, then asks upon a tap.
 * @param turnOn its result is false if the owner of the device does not want it
 */
export function TurnOn({ turnOn }: { turnOn: UseMutationResult<boolean, Error, void> }) {
  const { device } = usePortal();
  const text = useText().words.app.devices;
  const way = useInstallWay();
  const support = device.support();
  // a browser on an iPhone has no pushes, its app has
  if (support === 'impossible') return <p>{way === 'home-screen' ? text.homeScreen : text.impossible}</p>;
  if (support === 'blocked' && turnOn.data === undefined) return <p>{text.blocked}</p>;
  return (
    <>
      {turnOn.error instanceof ApiProblem && <ProblemAlert error={turnOn.error} />}
      {turnOn.error && !(turnOn.error instanceof ApiProblem) && <Warning>{text.failed}</Warning>}
      {turnOn.data === false && <Warning>{text.refused}</Warning>}
      <p>{text.why}</p>
      <Button variation="solid" isBusy={turnOn.isPending} onClick={() => turnOn.mutate()}>
        {turnOn.isPending ? text.turningOn : text.turnOn}
      </Button>
    </>
  );
}

function Warning({ children }: { children: string }) {
  return (
    <Alert variation="warn">
      <p className="ds-u-margin--0">{children}</p>
    </Alert>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PushDevices as PushDevicesView } from '../../../../../api/schemas/agents/push-subscriptions.ts';
import { type ContactPreference, preferredChannels } from '../../../../../domain/notifications/contact.ts';
import { keys, useSession } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DataTable } from '../../../layout/data-table.tsx';
import { DoneAlert } from '../../../layout/done-alert.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { TurnOn } from './turn-on.tsx';

/** Section with the devices that get pushes: what each has got, its sound, a test, and this device if it gets none. */
export function PushDevices({ preference }: { preference: ContactPreference | null }) {
  const { calls, device } = usePortal();
  const text = useText().words.app.devices;
  const queries = useQueryClient();
  const query = useQuery({ queryKey: keys.pushDevices, queryFn: calls.pushDevices });
  const own = useQuery({
    queryKey: [...keys.pushDevices, 'own'],
    queryFn: async () => (await device.endpointSha256()) ?? null,
  });
  const again = () => {
    void queries.invalidateQueries({ queryKey: keys.readiness });
    return queries.invalidateQueries({ queryKey: keys.pushDevices });
  };
  const accountId = useSession().data?.accountId ?? '';
  const turnOn = useMutation({ mutationFn: () => device.turnOn(calls, accountId), onSettled: again });
  const test = useMutation({ mutationFn: calls.sendTestOffer, onSettled: again });
  const isChosen = preferredChannels(preference).includes('push');
  return (
    <section aria-labelledby="push-devices">
      <h2 id="push-devices" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <p>{text.lead}</p>
      {turnOn.data === true && <DoneAlert key={turnOn.submittedAt}>{text.turnedOn}</DoneAlert>}
      {!isChosen && <p>{text.notChosen}</p>}
      <Loaded query={query}>
        {({ devices }) => (
          <>
            {devices.length === 0 ? (
              <p>{text.none}</p>
            ) : (
              <DeviceTable devices={devices} own={own.data ?? undefined} onChanged={again} />
            )}
            {own.isSuccess && !devices.some((one) => one.works && one.endpointSha256 === own.data) && (
              <TurnOn turnOn={turnOn} />
            )}
            {isChosen && devices.some(({ works }) => works) && (
              <>
                {test.error && <ProblemAlert error={test.error} />}
                {test.isSuccess && <DoneAlert key={test.submittedAt}>{text.testSent}</DoneAlert>}
                <Button isBusy={test.isPending} onClick={() => test.mutate()}>
                  {text.test}
                </Button>
              </>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function DeviceTable({
  devices,
  own,
  onChanged,
}: {
  devices: PushDevicesView['devices'];
  own: string | undefined;
  onChanged: () => Promise<unknown>;
}) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.app.devices;
  const { browserName } = words.account;
  const now = useNow(60_000);
  const at = (instant: string) => sentences.at(new Date(instant), whenHere(now));
  const change = useMutation({
    mutationFn: ({ id, hasSound }: { id: string; hasSound: boolean }) =>
      calls.changePushDevice(id, { hasSound }),
    onSettled: onChanged,
  });
  const remove = useMutation({ mutationFn: calls.removePushDevice, onSettled: onChanged });
  const isBusy = change.isPending || remove.isPending;
  const error = change.error ?? remove.error;
  return (
    <>
      {error && <ProblemAlert error={error} />}
      {remove.isSuccess && <DoneAlert key={remove.submittedAt}>{text.removed}</DoneAlert>}
      <DataTable
        id="push-devices-table"
        caption={text.caption}
        columns={[text.device, text.last, text.state, text.sound, text.action]}
        rows={devices.map(({ id, name, lastSentAt, works, hasSound, endpointSha256 }) => ({
          key: id,
          cells: [
            endpointSha256 === own ? text.current(browserName(name)) : browserName(name),
            lastSentAt ? at(lastSentAt) : text.never,
            works ? text.works : text.gone,
            hasSound ? text.on : text.off,
            <div key="buttons" className="hod-row-buttons">
              <Button size="small" isBusy={isBusy} onClick={() => change.mutate({ id, hasSound: !hasSound })}>
                {hasSound ? text.mute : text.unmute}
              </Button>
              <Button size="small" isBusy={isBusy} onClick={() => remove.mutate(id)}>
                {text.remove}
              </Button>
            </div>,
          ],
        }))}
      />
    </>
  );
}

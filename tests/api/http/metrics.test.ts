import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createApiMetrics } from '../../../api/http/metrics.ts';
import { createLiveEvents, type LiveEvents } from '../../../api/http/streams/live-events.ts';
import { startInternalServer } from '../../../runtime/internal-server.ts';
import { scrape } from '../../harness/scrape.ts';

let events: LiveEvents;
let internalServer: Awaited<ReturnType<typeof startInternalServer>>;
beforeAll(async () => {
  events = createLiveEvents({ tickMs: 15_000 });
  internalServer = await startInternalServer({
    port: 0,
    host: '127.0.0.1',
    metrics: createApiMetrics(events),
  });
});
afterAll(async () => {
  events.close();
  await internalServer.close();
});

test('the metrics have the number of open event streams and the process’s own; health is not on the internal port', async () => {
  const streams = async () => (await scrape(internalServer.port))['help_on_demand_event_streams_open'];
  expect(await streams()).toBe(0);
  const nothing = () => undefined;
  const watcher = { onChange: nothing, onGap: nothing, onOutage: nothing, onTick: nothing, onStop: nothing };
  const stops = ['one', 'one', 'other'].map((id) => events.watch(`referral ${id}`, { ...watcher }));
  expect(await streams()).toBe(3);
  for (const stop of stops) stop();
  expect(await streams()).toBe(0);
  expect((await scrape(internalServer.port))['process_resident_memory_bytes']).toBeGreaterThan(0);
  expect((await fetch(`http://127.0.0.1:${internalServer.port}/health/ready`)).status).toBe(404);
});

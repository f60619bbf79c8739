import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { LiveEvents } from './streams/live-events.ts';

/** Creates the metrics of the API process: Node's defaults and the number of open event streams. */
export function createApiMetrics(events: Pick<LiveEvents, 'watcherCount'>): {
  contentType: string;
  text(): Promise<string>;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const streams = new Gauge({
    name: 'help_on_demand_event_streams_open',
    help: 'Open event streams of this process.',
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    text() {
      streams.set(events.watcherCount());
      return registry.metrics();
    },
  };
}

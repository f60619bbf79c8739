import type { Client } from '@temporalio/client';
import type { Say } from '../figures.ts';
import type { Engine } from './engine.ts';
import type { ServiceEngine } from './service-engine.ts';

/** The service and the bare workflow on one Temporal server, for measurements that alternate between them. */
export interface Compared {
  client: Client;
  ours: ServiceEngine;
  bare: Engine<string>;
  rounds: number;
  say: Say;
}

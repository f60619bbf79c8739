import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';

/** A file whose second half comes after `resume`; `reached` resolves once the first half was read. */
export function pausedSource(text: string) {
  const gate = new EventEmitter();
  const reached = once(gate, 'reached');
  const opened = once(gate, 'opened');
  async function* halves() {
    yield Buffer.from(text.slice(0, 90));
    gate.emit('reached');
    await opened;
    yield Buffer.from(text.slice(90));
  }
  return { source: Readable.from(halves()), reached, resume: () => gate.emit('opened') };
}

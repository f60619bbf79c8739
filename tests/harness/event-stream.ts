/** An event of an event stream. */
export interface ReceivedEvent {
  id: number;
  event: string;
  data: Record<string, unknown>;
}

export interface ListeningClient {
  response: Response;
  /** Waits for the next event. @throws an Error once the stream has ended */
  next: () => Promise<ReceivedEvent>;
  /** Waits for the end of the stream. @returns the events until then */
  untilEnd: () => Promise<ReceivedEvent[]>;
  leave: () => void;
}

/** Listens to an event stream as a browser does. */
export async function listenTo(url: string, headers: Record<string, string>): Promise<ListeningClient> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    signal: leaving.signal,
    headers: { Accept: 'text/event-stream', 'Accept-Encoding': 'gzip', ...headers },
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  const read = async (): Promise<ReceivedEvent | undefined> => {
    for (;;) {
      const found = /event: (\w+)\nid: (\d+)\ndata: (.*)\n\n/.exec(text);
      if (found) {
        text = text.slice(found.index + found[0].length);
        const [, event = '', id = '', data = ''] = found;
        return { id: Number(id), event, data: JSON.parse(data) as Record<string, unknown> };
      }
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += decoder.decode(value, { stream: true });
    }
  };
  return {
    response,
    async next() {
      const event = await read();
      if (!event) throw new Error('The stream has ended');
      return event;
    },
    async untilEnd() {
      const received: ReceivedEvent[] = [];
      for (let event = await read(); event; event = await read()) received.push(event);
      return received;
    },
    leave: () => leaving.abort(),
  };
}

import http from 'node:http';
import https from 'node:https';
import { Socket } from 'node:net';

export interface SendTimeouts {
  /** Milliseconds to open a connection. */
  connectMs: number;
  /** Milliseconds for a whole attempt, including the connection. */
  requestMs: number;
}

/** Short, because an offer's window is running and Temporal retries. */
export const sendTimeouts: SendTimeouts = { connectMs: 3_000, requestMs: 10_000 };

/**
 * Creates HTTP agents that give up connecting after `connectMs`. Node's `timeout` option only watches idle sockets, so
 * an address that drops packets would use up the time of the whole request.
 */
export function createHttpAgents(connectMs: number): { httpAgent: http.Agent; httpsAgent: https.Agent } {
  return {
    httpAgent: withConnectTimeout(new http.Agent({ keepAlive: true }), connectMs),
    httpsAgent: withConnectTimeout(new https.Agent({ keepAlive: true }), connectMs),
  };
}

function withConnectTimeout<Agent extends http.Agent>(agent: Agent, connectMs: number): Agent {
  const connect: http.Agent['createConnection'] = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    if (socket instanceof Socket && socket.connecting) giveUpAfter(connectMs, socket);
    return socket;
  };
  return agent;
}

function giveUpAfter(connectMs: number, socket: Socket): void {
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
  }, connectMs);
  const stop = () => clearTimeout(timer);
  socket.once('connect', stop).once('close', stop);
}

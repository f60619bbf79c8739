import http from 'node:http';
import https from 'node:https';
import { Socket } from 'node:net';

export interface SendTimeouts {
  /** How long a connection may take to come about. */
  connectMs: number;
  /** How long an attempt may take as a whole, connection included. */
  requestMs: number;
}

/** Short, because an offer's window is running and Temporal tries again. */
export const sendTimeouts: SendTimeouts = { connectMs: 3_000, requestMs: 10_000 };

/**
 * Agents that give up a connection after `connectMs`. Node's own `timeout` option only watches idle sockets, so
 * an address that swallows packets would use up the whole request's time.
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

import { join } from 'node:path';
import { freePort } from '../../../standalone/services/ports.ts';
import { projectFolder } from '../../../standalone/services/programs.ts';
import type { Service } from './compose-file.ts';

/** The ports of each container, by the variables that choose another one where all share a machine. */
const ownPorts: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  postgres: { PGPORT: 5432 },
  temporal: {
    FRONTEND_GRPC_PORT: 7233,
    FRONTEND_HTTP_PORT: 7243,
    FRONTEND_MEMBERSHIP_PORT: 6933,
    MATCHING_GRPC_PORT: 7235,
    MATCHING_MEMBERSHIP_PORT: 6935,
    HISTORY_GRPC_PORT: 7234,
    HISTORY_MEMBERSHIP_PORT: 6934,
    WORKER_GRPC_PORT: 7239,
    WORKER_MEMBERSHIP_PORT: 6939,
  },
  worker: { METRICS_PORT: 9464 },
  api: { PORT: 3000, API_METRICS_PORT: 9465 },
};

/** Ports of each service on this machine: the container's port → a free one. */
export type PortMap = ReadonlyMap<string, ReadonlyMap<number, number>>;

export async function choosePorts(): Promise<PortMap> {
  const portMap = new Map<string, Map<number, number>>();
  for (const [name, ports] of Object.entries(ownPorts)) {
    const nativePorts = new Map<number, number>();
    for (const port of Object.values(ports)) nativePorts.set(port, await freePort());
    portMap.set(name, nativePorts);
  }
  return portMap;
}

/** Maps a container's port to one of this machine. @throws an error for a port on which nothing listens */
export function portOf(portMap: PortMap, service: string, port: number): number {
  const found = portMap.get(service)?.get(port);
  if (found === undefined) throw new Error(`${service} does not listen on ${port}`);
  return found;
}

/** Translates a service's environment, arguments and file paths to this machine. */
export function toNativeService(name: string, service: Service, portMap: PortMap) {
  const hosts = [name, ...Object.values(service.environment).filter((value) => portMap.has(value))];
  const translate = (text: string) => {
    if (text === '0.0.0.0' || portMap.has(text)) return '127.0.0.1';
    // a port without a host is the service's own, or that of a host in another variable
    const nativePort = hosts.map((host) => portMap.get(host)?.get(Number(text))).find(Boolean);
    return nativePort === undefined
      ? translateAddresses(withFiles(text, service), name, portMap)
      : String(nativePort);
  };
  const ownVariables = Object.entries(ownPorts[name] ?? {}).map(([variable, port]) => [
    variable,
    String(portOf(portMap, name, port)),
  ]);
  const environment = Object.entries(service.environment).map(([key, value]) => [key, translate(value)]);
  return {
    env: Object.fromEntries([...environment, ...ownVariables]) as Record<string, string>,
    command: [...(service.entrypoint ?? []), ...(service.command ?? [])].map(translate),
    healthcheck: (service.healthcheck?.test ?? []).map(translate),
  };
}

/** Translates `postgres:5432` inside an address, and the service's own ports on `127.0.0.1`. */
function translateAddresses(text: string, name: string, portMap: PortMap): string {
  let translated = text;
  for (const [service, ports] of portMap) {
    for (const [port, nativePort] of ports) {
      const host = service === name ? `(?:127\\.0\\.0\\.1|${service})` : service;
      translated = translated.replaceAll(
        new RegExp(`(?<![\\w.-])${host}:${port}\\b`, 'g'),
        `127.0.0.1:${nativePort}`,
      );
    }
  }
  return translated;
}

/** Translates a file mounted into the container to its path in the project. */
function withFiles(text: string, { volumes = [] }: Service): string {
  const mounted = volumes.map((volume) => volume.split(':')).find(([, target]) => target === text);
  return mounted?.[0] === undefined ? text : join(projectFolder, mounted[0]);
}

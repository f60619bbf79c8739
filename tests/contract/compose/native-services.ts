import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { isFree } from '../../../standalone/services/ports.ts';
import { projectFolder } from '../../../standalone/services/programs.ts';
import { readProjectFile, type Service } from './compose-file.ts';

/** The ports that a container has to itself, by the variables that choose another one where all share a machine. */
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

/** Where each service listens on this machine: the port of its container → a free one. */
export type PortMap = ReadonlyMap<string, ReadonlyMap<number, number>>;

export async function choosePorts(): Promise<PortMap> {
  const places = new Map<string, Map<number, number>>();
  for (const [name, ports] of Object.entries(ownPorts)) {
    const here = new Map<number, number>();
    for (const port of Object.values(ports)) here.set(port, await chooseSmallPort());
    places.set(name, here);
  }
  return places;
}

/** Temporal keeps its ports in columns that end at 32,767, and those that a system gives lie above. */
async function chooseSmallPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if (await isFree(port)) return port;
  }
}

/** The port of this machine that stands for a container's. @throws an error for a port that nothing listens on */
export function portOf(places: PortMap, service: string, port: number): number {
  const found = places.get(service)?.get(port);
  if (found === undefined) throw new Error(`${service} does not listen on ${port}`);
  return found;
}

/** A service's own environment, arguments and files as they are on this machine, where no container keeps them apart. */
export function toNativeService(name: string, service: Service, places: PortMap) {
  const hosts = [name, ...Object.values(service.environment).filter((value) => places.has(value))];
  const translate = (text: string) => {
    if (text === '0.0.0.0' || places.has(text)) return '127.0.0.1';
    // a port that stands alone is the service's own, or that of the host in a variable beside it
    const beside = hosts.map((host) => places.get(host)?.get(Number(text))).find(Boolean);
    return beside === undefined ? translateAddresses(withFiles(text, service), name, places) : String(beside);
  };
  const mine = Object.entries(ownPorts[name] ?? {}).map(([variable, port]) => [
    variable,
    String(portOf(places, name, port)),
  ]);
  const environment = Object.entries(service.environment).map(([key, value]) => [key, translate(value)]);
  return {
    env: Object.fromEntries([...environment, ...mine]) as Record<string, string>,
    command: [...(service.entrypoint ?? []), ...(service.command ?? [])].map(translate),
    healthcheck: (service.healthcheck?.test ?? []).map(translate),
  };
}

/** `postgres:5432` inside an address, and the service's own ports on `127.0.0.1`. */
function translateAddresses(text: string, name: string, places: PortMap): string {
  let translated = text;
  for (const [service, ports] of places) {
    for (const [port, here] of ports) {
      const host = service === name ? `(?:127\\.0\\.0\\.1|${service})` : service;
      translated = translated.replaceAll(
        new RegExp(`(?<![\\w.-])${host}:${port}\\b`, 'g'),
        `127.0.0.1:${here}`,
      );
    }
  }
  return translated;
}

/** Files that are mounted into the container lie in the project. */
function withFiles(text: string, { volumes = [] }: Service): string {
  const mounted = volumes.map((volume) => volume.split(':')).find(([, target]) => target === text);
  return mounted?.[0] === undefined ? text : join(projectFolder, mounted[0]);
}

/** What the Dockerfile sets for every process of the image. */
export function imageEnvironment(): Record<string, string> {
  const lines = readProjectFile('Dockerfile').matchAll(/^ENV (\w+)="?([^"\n]*)"?$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}

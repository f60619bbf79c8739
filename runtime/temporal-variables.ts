import { accessSync, constants } from 'node:fs';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';

const files = {
  TEMPORAL_CONFIG_FILE: '/etc/temporal/temporal.toml',
  TEMPORAL_TLS_CLIENT_CERT_PATH: '/etc/temporal/client.pem',
  TEMPORAL_TLS_CLIENT_KEY_PATH: '/etc/temporal/client.key',
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/etc/temporal/ca.pem',
} as const;

const switches = ['TEMPORAL_TLS', 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'] as const;

/**
 * Reads the connection options from Temporal's own variables (`TEMPORAL_TLS…`, `TEMPORAL_API_KEY`). A configuration
 * file is read only if TEMPORAL_CONFIG_FILE names it, so that a developer's own file is not picked up by chance;
 * TEMPORAL_PROFILE chooses its profile.
 */
export function loadTemporalVariables(env: NodeJS.ProcessEnv): ClientConnectConfig {
  const own = Object.entries(env).filter(([name, value]) => name.startsWith('TEMPORAL_') && value);
  return loadClientConnectConfig({
    disableFile: !env['TEMPORAL_CONFIG_FILE'],
    overrideEnvVars: Object.fromEntries(own) as Record<string, string>,
  });
}

/** Adds the address and the namespace of a configuration file's profile where no variable names them. */
export function withTemporalProfile(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!env['TEMPORAL_CONFIG_FILE'] || !isLoadable(env)) return env;
  const { connectionOptions, namespace } = loadTemporalVariables(env);
  return {
    ...env,
    TEMPORAL_ADDRESS: env['TEMPORAL_ADDRESS'] || connectionOptions.address,
    TEMPORAL_NAMESPACE: env['TEMPORAL_NAMESPACE'] || namespace,
  };
}

/**
 * Checks Temporal's own variables and describes each problem, with an example. Temporal's library reads an unknown
 * value of a switch as false, and would connect without TLS. Its error messages can quote a key, so they are not
 * repeated.
 */
export function temporalFaults(env: NodeJS.ProcessEnv): string[] {
  const faults = [
    ...Object.entries(files).flatMap(([name, example]) => {
      const path = env[name];
      if (!path || isReadable(path)) return [];
      return [`${name} must be a file that can be read and is "${path}", for example ${name}="${example}"`];
    }),
    ...switches.flatMap((name) => {
      const text = env[name];
      if (!text || /^(true|false|1|0)$/.test(text)) return [];
      return [`${name} must be true or false and is "${text}", for example ${name}="true"`];
    }),
  ];
  return faults.length > 0 || isLoadable(env)
    ? faults
    : [
        'TEMPORAL_… variables or the file of TEMPORAL_CONFIG_FILE contradict each other or cannot be read (their ' +
          'values are not shown): each certificate and key is given once, for example as ' +
          `TEMPORAL_TLS_CLIENT_CERT_PATH="${files.TEMPORAL_TLS_CLIENT_CERT_PATH}"`,
      ];
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function isLoadable(env: NodeJS.ProcessEnv): boolean {
  try {
    loadTemporalVariables(env);
    return true;
  } catch {
    return false;
  }
}

/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Version of the service, of package.json. */
  readonly VITE_VERSION: string;
}

import { tsImport } from 'tsx/esm/api';

const { startServerHost } = await tsImport('../servers/server-host-process.ts', import.meta.url);

// oxlint-disable-next-line import/no-default-export -- Jest takes a default export
export default startServerHost;

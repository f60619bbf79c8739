import { tsImport } from 'tsx/esm/api';

const { createReporter } = await tsImport('./quiet-reporter.ts', import.meta.url);

// oxlint-disable-next-line import/no-default-export -- Jest takes a default export and calls it with `new`
export default createReporter;

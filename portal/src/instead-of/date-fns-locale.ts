/** In place of the locales of date-fns (portal/vite.config.ts). */
export const enUS = undefined;
export const es = undefined;

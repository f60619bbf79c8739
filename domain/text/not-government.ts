/** What stands above every page and in its footer, in every mail, and at the end of the README. */
export const notGovernment = {
  en: 'This is not an official government website.',
  es: 'Este no es un sitio web oficial del gobierno.',
} as const;

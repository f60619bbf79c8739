/** What is said when a page, or its texts, could not be loaded. */
export const broken = {
  en: { title: 'This page did not load', text: 'Please load it again.', reload: 'Load again' },
  es: {
    title: 'Esta página no se cargó',
    text: 'Por favor, cárguela de nuevo.',
    reload: 'Cargar de nuevo',
  },
};

import type { draft as english } from '../en/draft.ts';

export const draft: typeof english = {
  heading: 'Todavía sin guardar',
  kept: 'Esto es lo que escribió antes. Todavía no está guardado. Revíselo y envíelo.',
  lost: 'Lo que escribió aquí antes no se envió. No se guarda en el navegador, porque es un código o trata de un consumidor. Por favor, escríbalo de nuevo.',
  discard: 'Descartar lo que escribí',
  understood: 'Cerrar',
};

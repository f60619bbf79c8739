import type { Sentences } from '../types.ts';

type FeedPart = Pick<Sentences, 'feedImportState' | 'feedRefusal'>;

/** What ops read of the files that feeds bring. */
export const feedSentences: FeedPart = {
  feedImportState: {
    'under-way': 'En curso',
    imported: 'Incorporado',
    refused: 'Rechazado; nada ha cambiado',
    interrupted: 'Interrumpido; nada ha cambiado',
  },
  feedRefusal: {
    'feed-header-differs': 'La primera línea del archivo no nombra las columnas de esta fuente.',
    'feed-truncated': 'El archivo no está completo.',
    'feed-mostly-bad': 'Demasiadas filas del archivo no se pueden leer: su formato parece haber cambiado.',
    'feed-removes-too-much': 'El archivo eliminaría más filas de las que puede eliminar una sola entrega.',
    'feed-holds-ssn': 'El archivo parece contener números de Seguro Social. No se guardó nada de él.',
  },
};

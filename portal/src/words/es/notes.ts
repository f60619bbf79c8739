import type { notes as english } from '../en/notes.ts';

export const notes: typeof english = {
  label: 'Sus notas',
  hint: 'Solo usted las ve. Se borran junto con los datos de contacto.',
  tooLong: (most) => `Por favor, acorte sus notas a ${most} caracteres.`,
  save: 'Guardar las notas',
  saving: 'Guardando…',
  saved: 'Notas guardadas.',
  changed: 'Mientras tanto guardó otras notas, quizás en otro dispositivo. Estas no están guardadas todavía.',
  theirs: 'Las notas más recientes:',
  empty: '(vacías)',
  useNewer: 'Mostrar las notas más recientes',
  keepMine: 'Conservar lo que escribí aquí',
};

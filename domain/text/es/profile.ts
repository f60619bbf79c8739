import type { Sentences } from '../sentences.ts';

type Part = Pick<Sentences, 'stateObstacle' | 'departureReason'>;

/** Words of an agent's profile. */
export const profileSentences: Part = {
  stateObstacle: {
    'own-marketplace': 'El estado tiene su propio Mercado, y Help On Demand no atiende allí.',
    'no-license': 'No nos consta ninguna licencia suya para este estado.',
    'license-inactive': 'Su licencia para este estado no está activa.',
    'license-expired': 'Su licencia para este estado venció.',
    'not-begun': 'Su licencia para este estado empieza más adelante.',
    'line-inactive': 'La línea de autoridad de salud de su licencia para este estado no está activa.',
    'no-health-line': 'Su licencia para este estado no tiene una línea de autoridad de salud.',
    'line-unknown':
      'Aún no conocemos la línea de autoridad de su licencia para este estado. Escriba al centro de ayuda.',
    'no-resident-license':
      'Su licencia de residente no está activa; sin ella tampoco cuenta ningún otro estado.',
  },
  departureReason: {
    'no-longer-selling': 'Ya no vendo cobertura médica',
    'too-few-referrals': 'Recibo muy pocos referidos',
    'too-many-messages': 'Recibo demasiados mensajes',
    'other-channels': 'Encuentro a mis clientes de otra manera',
    other: 'Otro motivo',
  },
};

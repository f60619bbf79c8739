import type { skips as english } from '../en/skips.ts';

export const skips: typeof english = {
  heading: '¿Omitir algunas solicitudes?',
  question: (declined, which) =>
    `Rechazó las últimas ${declined} solicitudes ${which}. ¿Las omitimos? Entonces van directo a otros. Puede cambiarlo en su perfil.`,
  yes: 'Omitirlas',
  no: 'Seguir preguntándome',
  begun: (which) => `Ya no le preguntamos por solicitudes ${which}.`,
  kept: (which) => `Le preguntamos por solicitudes ${which}.`,
  listHeading: 'Solicitudes que omite',
  item: (which, since) => `Solicitudes ${which}, desde ${since}`,
  end: 'Preguntarme de nuevo',
  none: 'No omite ninguna solicitud.',
};

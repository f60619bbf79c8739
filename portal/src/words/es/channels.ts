import { adverbOf } from '../../../../domain/text/es/times.ts';
import type { channels as english } from '../en/channels.ts';

/** `3 correos fueron devueltos; la última vez fue a las …` */
const failed = (one: string, many: string) => (count: number, at: string) =>
  count === 1
    ? `${one} ${adverbOf(at)}.`
    : `${many.replace('#', `${count}`)}; la última vez fue ${adverbOf(at)}.`;

export const channels: typeof english = {
  heading: 'Cómo le avisamos',
  lead: 'Qué pasó con nuestros mensajes de los últimos 30 días, y qué hacer si uno no llegó.',
  name: { email: 'Correo electrónico', text: 'Mensajes de texto', push: 'Notificaciones de la aplicación' },
  state: { works: 'Funciona', fails: 'Falla', broken: 'No funciona', unused: 'No elegido' },
  arrived: (at) => `La última entrega fue ${adverbOf(at)}.`,
  noneArrived: 'No se entregó ninguno.',
  failed: {
    email: failed('Un correo fue devuelto', '# correos fueron devueltos'),
    text: failed('Su teléfono rechazó un mensaje', 'Su teléfono rechazó # mensajes'),
    push: failed('Su dispositivo rechazó una notificación', 'Su dispositivo rechazó # notificaciones'),
  },
  check: {
    email: 'Compruebe que su buzón no esté lleno y que no haya marcado nuestros correos como spam.',
    text: 'Compruebe el número en su perfil y pregunte a su compañía de teléfono si bloquea nuestros mensajes.',
    push: 'Abra este sitio en ese dispositivo y active las notificaciones de nuevo.',
  },
  mend: {
    'mail-returned':
      'Ya no escribimos a esta dirección. Corríjala en su perfil de MLMS; su próximo registro de capacitación la trae aquí.',
    'no-phone': 'Ponga un número de celular en su perfil.',
    'no-texts-on-line': 'Este número no recibe mensajes de texto. Ponga un celular en su perfil.',
    'texts-stopped': 'Usted detuvo nuestros mensajes. Responda START al último para recibirlos de nuevo.',
    'phone-unconfirmed': 'Confirme su teléfono en su perfil, con el código que le enviamos.',
    'app-gone': 'Ya ningún dispositivo suyo recibe notificaciones. Actívelas allí de nuevo.',
    'app-not-installed': 'Ningún dispositivo suyo recibe notificaciones todavía.',
  },
  unused: 'No lo eligió en su perfil, así que no lo usamos para referidos.',
  profile: 'Cambiar cómo le avisamos',
};

import type { ChannelObstacle } from '../../agents/readiness.ts';
import type { AgentChannel } from '../../notifications/contact.ts';

/** How a message comes over a channel. */
export const byChannel: Readonly<Record<AgentChannel, string>> = {
  email: 'por correo',
  text: 'por mensaje de texto',
  push: 'en la aplicación',
};

/** What happened to a channel that works no more; without letters that GSM-7 lacks where a text can say it. */
export const failureOf: Readonly<Record<AgentChannel, string>> = {
  email: 'El correo que le mandamos fue devuelto o marcado como spam.',
  text: 'Su compañía de celular no entrega nuestros mensajes de texto.',
  push: 'Ninguno de sus dispositivos recibe ya nuestras notificaciones.',
};

/** What an agent can do about a channel that works no more. */
export function remedyOf(channel: AgentChannel, because: ChannelObstacle): string {
  if (because === 'texts-stopped') return 'Mande START desde ese teléfono.';
  return {
    email: 'Cambie su correo en el perfil de MLMS.',
    text: 'Confirme el teléfono otra vez con un código o indique otro celular.',
    push: 'Active de nuevo las notificaciones en su celular.',
  }[channel];
}

import { contacts } from '../contacts.ts';
import type { Sentences } from '../types.ts';

/** Worded without á, í, ó and ú, as every text is. */
export const textAnswer: Sentences['textAnswer'] = {
  stopped: 'Help On Demand: ya no le enviaremos mensajes. Responda START para recibirlos de nuevo.',
  'stopped-for-now':
    'Help On Demand: no pudimos leer su respuesta; por ahora no le enviaremos mensajes. Responda START para recibirlos de nuevo, HELP para ayuda.',
  started:
    'Help On Demand: usted recibe de nuevo mensajes sobre referidos. Responda STOP para terminarlos, HELP para ayuda.',
  help: `Help On Demand: mensajes sobre referidos. Consumidores: ${contacts.callCenter}, TTY ${contacts.callCenterTty}. Agentes: ${contacts.helpDesk}. Responda STOP para terminarlos. Pueden aplicarse tarifas.`,
  'offer-accepted':
    'Help On Demand: el referido es suyo. Por favor, entre para ver los datos de contacto, y llame pronto.',
  'offer-declined': 'Help On Demand: gracias. Se pregunta al siguiente agente.',
  'offer-over': 'Help On Demand: esta oferta ya no vale. Vea en su bandeja lo que pasa con el referido.',
  'answer-in-inbox':
    'Help On Demand: no se pudo tomar esta respuesta. Por favor, entre y responda a la oferta en su bandeja.',
};

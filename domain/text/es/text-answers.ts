import { helpContacts } from '../contacts.ts';
import type { Sentences } from '../types.ts';
import { referralSentences } from './referral.ts';

/** Worded without á, í, ó and ú, as every text is. */
export const textAnswer: Sentences['textAnswer'] = {
  stopped: 'Help On Demand: ya no le enviaremos mensajes. Responda START para recibirlos de nuevo.',
  'stopped-for-now':
    'Help On Demand: no pudimos leer su respuesta; por ahora no le enviaremos mensajes. Responda START para recibirlos de nuevo, HELP para ayuda.',
  started:
    'Help On Demand: usted recibe de nuevo mensajes sobre referidos. Responda STOP para terminarlos, HELP para ayuda.',
  help: `Help On Demand: mensajes sobre referidos. Consumidores: ${helpContacts.callCenter}, TTY ${helpContacts.callCenterTty}. Agentes: ${helpContacts.helpDesk}. Responda STOP para terminarlos. Pueden aplicarse tarifas.`,
  'offer-accepted':
    'Help On Demand: el referido es suyo. Por favor, entre para ver los datos de contacto, y contacte pronto.',
  'offer-declined': 'Help On Demand: gracias. Se pregunta al siguiente agente.',
  'offer-over':
    'Help On Demand: esta oferta ya no vale. Por favor, entre y vea en su bandeja lo que pasa con ella.',
  'answer-in-inbox':
    'Help On Demand: no se pudo tomar esta respuesta. Por favor, entre y responda a la oferta en su bandeja.',
  'answer-on-its-way':
    'Help On Demand: estamos registrando su respuesta. Por favor, entre y vea el resultado en su bandeja.',
  'how-to-answer':
    'Help On Demand: para contestar a una oferta, responda A y la clave para aceptar o D y la clave para rechazar. La clave viene en nuestro mensaje.',
};

export const howToAnswer: Sentences['howToAnswer'] = (code) =>
  `Help On Demand: para aceptar el referido, responda A ${code}. Para rechazarlo, responda D ${code}.`;

/** Worded as everywhere, although its accents make the text longer: it says what happened, in correct Spanish. */
export const lateTextAnswer: Sentences['lateTextAnswer'] = (end, moment) =>
  `Help On Demand: ${referralSentences.offerEnd[end].agent(moment)}`;

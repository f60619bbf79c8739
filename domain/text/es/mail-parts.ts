import { helpContacts } from '../help-contacts.ts';
import { linked, mailLink, phoneLink } from '../linked.ts';
import { notGovernment } from '../not-government.ts';

/** The guide's note on who runs the service, at the end of every mail. */
export const whoWeAre = `Help On Demand funciona bajo contrato con los Centros de Servicios de Medicare y Medicaid (CMS). ${notGovernment.es} Los referidos los hace Help On Demand, no CMS ni el Mercado, y el gobierno de los EE. UU. no respalda a ningún agente o corredor en particular.`;

const whereToAsk = linked`¿No le llegó un correo nuestro? Revise su carpeta de correo no deseado (spam). ¿Preguntas? Escriba al centro de ayuda para agentes y corredores: ${mailLink(helpContacts.helpDesk)}`;

export const agentFooter = [whereToAsk, whoWeAre] as const;
export const consumerFooter = [
  linked`Otra manera de recibir ayuda: el Centro de Llamadas del Mercado, ${phoneLink(helpContacts.callCenter)} (TTY ${phoneLink(helpContacts.callCenterTty)}, relevo ${phoneLink(helpContacts.relay)}). Para Medicare, llame al ${phoneLink(helpContacts.medicare)}.`,
  whoWeAre,
] as const;

/** Salutation of a mail, with or without a name. */
export const hello = (name: string) => (name.trim() ? `Hola, ${name.trim()}:` : 'Hola:');

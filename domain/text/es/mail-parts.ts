import { helpContacts } from '../help-contacts.ts';
import { linked, mailLink } from '../linked.ts';
import { notGovernment } from '../not-government.ts';

/** The guide's note on who runs the service, at the end of every mail. */
export const whoWeAre = `Help On Demand funciona bajo contrato con los Centros de Servicios de Medicare y Medicaid (CMS). ${notGovernment.es} Los referidos los hace Help On Demand, no CMS ni el Mercado, y el gobierno de los EE. UU. no respalda a ningún agente o corredor en particular.`;

const whereToAsk = linked`¿Le falta un correo nuestro? Revise su carpeta de correo no deseado (spam). ¿Preguntas? Escriba al centro de ayuda para agentes y corredores: ${mailLink(helpContacts.helpDesk)}`;

export const agentFooter = [whereToAsk, whoWeAre] as const;
export const consumerFooter = [
  `Otra manera de recibir ayuda: el Centro de Llamadas del Mercado, ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relevo ${helpContacts.relay}). Para Medicare, llame al 1-800-MEDICARE.`,
  whoWeAre,
] as const;

/** Salutation of a mail, with or without a name. */
export const hello = (name: string) => (name.trim() ? `Hola, ${name.trim()}:` : 'Hola:');

import type { phoneFaultWords as english } from '../en/phone-faults.ts';

export const phoneFaultWords: typeof english = {
  'not-a-us-phone':
    'Escriba un teléfono de los EE. UU. de 10 dígitos, por ejemplo 801-555-0123. No podemos llamar a otros países.',
  'phone-extension':
    'A un número con extensión no podemos llamar ni mandar mensajes. Escriba uno sin extensión.',
  'phone-letters': 'Escriba el número solo con dígitos, sin letras ni palabras.',
  'premium-phone': 'Las llamadas a este número cuestan más. Escriba otro número.',
};

import { helpContacts } from '../../../../domain/text/help-contacts.ts';
import type { FaultWords } from '../../form/field-words.ts';
import type { help as english } from '../en/help.ts';
import { phoneFaultWords } from './phone-faults.ts';

export const help: typeof english = {
  title: 'Pida ayuda con la cobertura médica',
  lead: 'Preguntamos a agentes y corredores con licencia cerca de usted. Solo quien acepte recibirá sus datos.',
  name: {
    label: 'Su nombre',
    missing: 'Escriba su nombre.',
    invalid: 'Escriba su nombre en una sola línea.',
    codes: {
      'holds-address':
        'Escriba solo su nombre, sin direcciones de internet ni de correo. Deje un espacio después de cada punto, como en “St. John”.',
      'holds-number': 'Escriba solo su nombre, sin teléfonos ni otros números.',
      'holds-invisible': 'Su nombre contiene caracteres invisibles. Por favor, escríbalo de nuevo.',
      'not-a-name': 'Escriba su nombre tal como le llaman.',
    } satisfies FaultWords<'name'>,
  },
  phone: {
    label: 'Número de teléfono',
    hint: 'O un correo electrónico; mejor los dos.',
    missing: 'Escriba un número de teléfono o un correo electrónico.',
    invalid: 'Escriba un teléfono de los EE. UU. de 10 dígitos, por ejemplo 801-555-0123.',
    codes: {
      'phone-or-email-needed': 'Escriba un número de teléfono o un correo electrónico.',
      'needed-for-contact': 'Para comunicarnos con usted como eligió, hace falta un número de teléfono.',
      ...phoneFaultWords,
      landline: 'A un teléfono fijo no llegan mensajes de texto. Elija otra forma de comunicación.',
      'no-texts': 'A este número no llegan mensajes de texto. Elija otra forma de comunicación.',
      'no-number': 'Este número de teléfono no existe. Por favor, revíselo.',
    },
  },
  email: {
    label: 'Correo electrónico',
    missing: 'Escriba un número de teléfono o un correo electrónico.',
    invalid: 'Escriba un correo electrónico como ana@example.com.',
    codes: {
      'needed-for-contact': 'Para comunicarnos con usted como eligió, hace falta un correo electrónico.',
      'not-an-email': 'Escriba un correo electrónico como ana@example.com.',
      'email-alone': 'Escriba un solo correo electrónico, sin nombre, como ana@example.com.',
      'email-not-ascii':
        'No podemos escribir a esta dirección: antes de la @ tiene un acento u otra letra que nuestro servicio de correo no conoce. Escriba otra dirección, o un teléfono.',
    },
  },
  zip: {
    label: 'Código postal (ZIP)',
    missing: 'Escriba su código postal.',
    invalid: 'Escriba un código postal de 5 dígitos.',
    codes: {
      'unknown-zip': 'No conocemos este código postal. Por favor, revíselo.',
      territory:
        'El Mercado no atiende a los territorios. Pregunte en la oficina de Medicaid de allí qué ayuda puede recibir.',
      military:
        'Esta es una dirección militar. Escriba el código postal del hogar en los Estados Unidos que usa en su declaración de impuestos.',
      'not-served': 'El Mercado no atiende este lugar.',
    },
  },
  language: {
    label: 'Idioma en el que quiere hablar',
    missing: 'Elija un idioma.',
    invalid: 'Elija un idioma.',
  },
  state: {
    label: '¿En qué estado vive?',
    missing: 'Diga en qué estado vive: el código postal solo no nos lo dice.',
    invalid: 'Diga en qué estado vive: el código postal solo no nos lo dice.',
    codes: {
      'state-needed':
        'Revise el código postal y diga en qué estado vive: el código postal solo no nos lo dice.',
      'not-of-zip': 'Este código postal es de otro estado.',
    },
  },
  interpreter: {
    label: 'Si no hay un agente libre que hable ese idioma',
    mine: 'Prefiero esperar a un agente que hable mi idioma',
    fine: 'Acepto un agente con intérprete',
  },
  coverageYear: {
    label: 'Año de cobertura',
    missing: 'Elija un año.',
    invalid: 'Elija un año con el que podamos ayudarle.',
    codes: { 'unknown-coverage-year': 'No ayudamos con este año. Elija otro.' },
  },
  need: {
    label: '¿Con qué necesita ayuda?',
    hint: `Para Medicare, llame al ${helpContacts.medicare}.`,
    missing: 'Elija con qué necesita ayuda.',
    invalid: 'Elija con qué necesita ayuda.',
  },
  contactBy: {
    label: '¿Cómo quiere que el agente se comunique con usted?',
    missing: 'Elija cómo quiere que el agente se comunique con usted.',
    invalid: 'Elija cómo quiere que el agente se comunique con usted.',
  },
  contactTimes: {
    label: '¿Cuándo quiere que el agente se comunique con usted?',
    hint: 'Elija todas las que quiera, según la hora de donde vive. Si no elige ninguna, el agente puede comunicarse a cualquier hora.',
  },
  agent: {
    label: '¿Ya tiene agente? Nombre o NPN del agente (opcional)',
    hint: 'Si participa aquí y está libre, le preguntamos primero. Si no, preguntamos a otros; usted no tiene que hacer nada.',
    missing: 'Escriba un nombre o un NPN, o deje esto vacío.',
    invalid: 'Escriba el nombre y el apellido del agente, o su NPN de 1 a 10 dígitos.',
    codes: {
      'holds-address': 'Escriba solo el nombre o el NPN, sin direcciones de internet ni de correo.',
      'holds-number': 'Escriba el nombre o el NPN, no los dos.',
      'holds-invisible': 'El nombre contiene caracteres invisibles. Por favor, escríbalo de nuevo.',
      'not-a-name': 'Escriba el nombre y el apellido del agente, o su NPN de 1 a 10 dígitos.',
      'npn-or-name-needed': 'Escriba el nombre o el NPN, no los dos.',
    },
  },
  returnToAgent: {
    label: 'Preguntar al agente que me ayudó antes',
    hint: 'Si ya usó Help On Demand y se comunica con nosotros de la misma forma.',
  },
  asker: {
    label: '¿Para quién pide ayuda?',
    adult: 'Para mí: tengo al menos 18 años',
    representative: 'Para otra persona: tengo autorización para actuar por ella',
    neither: 'Ninguna de las dos',
    missing: 'Diga si pide ayuda para usted o para otra persona.',
  },
  consent: {
    heading: 'Su consentimiento',
    label: 'Estoy de acuerdo.',
    missing: 'Solo podemos pasar su solicitud a un agente si está de acuerdo.',
    invalid: 'Hay un texto más reciente. Por favor, léalo y acéptelo de nuevo.',
  },
  textConsent: {
    heading: 'Mensajes de texto (opcional)',
    label: 'Acepto recibir mensajes de texto sobre mi solicitud (opcional).',
    missing: 'Déjelo sin marcar o acepte el texto de arriba.',
    invalid: 'Hay un texto más reciente. Por favor, léalo; puede aceptarlo de nuevo o dejarlo sin marcar.',
    codes: {
      'phone-needed': 'Los mensajes de texto van a un teléfono. Escriba el número o deje esto sin marcar.',
    },
  },
  choose: 'Elija una opción',
  more: 'Horarios, su propio agente',
  kept: 'Esta pestaña guarda lo que escribió durante 30 minutos, hasta que lo envíe o lo borre. No se guarda en ningún otro lugar.',
  clear: 'Borrar el formulario',
  submit: 'Pedir ayuda',
  submitting: 'Enviando…',
  elsewhere: {
    heading: 'Su estado tiene su propio Mercado de Seguros Médicos',
    text: (name) =>
      `${name} ayuda a las personas con este código postal. Help On Demand no puede, pero allí sí le ayudan:`,
    phone: 'Teléfono',
  },
  alreadyOpen: {
    heading: 'Usted ya pidió ayuda',
    text: 'Hay una solicitud abierta con este teléfono o correo electrónico. Volvimos a enviar allí su enlace, para que pueda ver cómo va.',
  },
};

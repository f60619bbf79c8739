import { adverbOf } from '../../../../domain/text/es/times.ts';
import { helpContacts } from '../../../../domain/text/help-contacts.ts';
import { notGovernment } from '../../../../domain/text/not-government.ts';
import { broken } from '../broken.ts';
import type { everyPage as english } from '../en/every-page.ts';

export const everyPage: typeof english = {
  serviceName: 'Help On Demand',
  skip: 'Ir al contenido de la página',
  title: (page) => `${page} | Help On Demand`,

  banner: notGovernment.es,
  header: {
    navigation: 'Principal',
    help: 'Pedir ayuda',
    logIn: 'Acceso para agentes',
    logOut: 'Cerrar sesión',
    checklist: 'Requisitos',
    profile: 'Perfil',
    history: 'Historial',
    inbox: 'Bandeja',
    availability: 'Disponibilidad',
    board: 'Agentes',
    accounts: 'Cuentas y claves',
    account: 'Cuenta',
    greeting: (firstName) => `Sesión iniciada como ${firstName}`,
  },
  footer: {
    heading: 'Acerca de este servicio',
    note: `Help On Demand es un servicio contratado por los Centros de Servicios de Medicare y Medicaid (CMS). Help On Demand lo desarrolla y lo mantiene en línea. ${notGovernment.es} Los referidos no los hacen CMS ni el Mercado, y no significan que el Departamento de Salud y Servicios Humanos o el Gobierno de los EE. UU. respalden a un agente o corredor.`,
    callCenter: 'Centro de Llamadas del Mercado',
    callCenterNumbers: `${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}, relevo ${helpContacts.relay})`,
    helpDesk: 'Centro de ayuda para agentes y corredores',
    howLong: 'Cuánto se tarda en encontrar un agente',
    questions: 'Preguntas y respuestas',
    privacy: 'Privacidad',
    accessibility: 'Accesibilidad',
  },

  connection: {
    offline: (at) => `No tiene conexión a internet. La última actualización fue ${adverbOf(at)}.`,
    lost: (at) => `Sin conexión desde ${at}.`,
    slow: 'Seguimos esperando una respuesta. No se pierde nada de lo que escribió.',
    mayMiss: 'Puede que se esté perdiendo un referido.',
    mayBeOld: 'Puede que esta página no esté al día.',
    notUpdated: (at) => `Esto no se actualiza desde ${at}.`,
  },

  upgrade: {
    text: 'Hay una versión nueva de esta página. Se carga sola cuando abra otra página.',
    load: 'Cargarla ahora',
  },

  loading: 'Un momento…',
  tryAgain: 'Intentar de nuevo',
  problemHeading: 'No se pudo hacer',
  problem: {
    unreachable:
      'En este momento no hay conexión con nosotros. Revise su conexión e inténtelo de nuevo; no se pierde nada de lo que escribió.',
    'no-answer': 'Todavía no hay respuesta. Por favor, inténtelo de nuevo.',
    unexpected: 'Algo falló de nuestra parte. Por favor, inténtelo de nuevo en un momento.',
    'too-many-requests':
      'Se intentó demasiadas veces en poco tiempo. Por favor, espere unos minutos e inténtelo de nuevo.',
    'not-answered-yet':
      'Todavía no sabemos si quedó registrado. Por favor, inténtelo de nuevo: nada se registra dos veces.',
    unavailable: 'No podemos responder ahora. Por favor, inténtelo de nuevo en un momento.',
    'account-changed': 'Ahora la sesión de este navegador es de otra persona. No se envió nada.',
    terminated:
      'El Mercado terminó su acuerdo, así que esto está cerrado para usted. Sus requisitos dicen por qué y a quién preguntar.',
    're-authentication-required': 'No se guardó nada, porque no se confirmó la contraseña.',
    forbidden: 'Su cuenta no puede usar esta página.',
    'not-found': 'No lo encontramos, o usted ya no puede verlo.',
    'not-allowed-now': 'Esto no es posible ahora. La página muestra cómo va todo.',
    'referral-ended': 'Esta solicitud ya terminó. La página muestra cómo quedó.',
    'offer-ended': 'El agente ya no tiene esta solicitud. La página muestra cómo va.',
    'registration-busy':
      'Su registro se está guardando en este momento. Por favor, inténtelo de nuevo en un momento.',
    'offer-busy': 'Una respuesta se está guardando en este momento. Por favor, mire de nuevo en un momento.',
    'already-open':
      'Ya hay una solicitud abierta con este teléfono o correo electrónico. Volvimos a enviar su enlace allí.',
    'code-expired': 'Este código ya no se puede usar. Pida uno nuevo.',
    'terms-version': 'Hay una versión más reciente de este documento. Por favor, léala.',
  },
  errorSummary: (count) => (count === 1 ? 'Revise un campo' : `Revise ${count} campos`),
  document: {
    region: (name) => `Texto: ${name}`,
    version: (version) => `Versión ${version}`,
  },

  start: {
    title: 'Ayuda con la cobertura médica',
    lead: 'Si necesita ayuda con la cobertura médica del Mercado de Seguros Médicos, le ponemos en contacto con un agente o corredor de su zona, con licencia y capacitado, por lo general en unos minutos.',
    consumer: {
      heading: 'Necesito ayuda con la cobertura',
      text: 'Díganos dónde vive y qué necesita. Preguntamos a agentes y corredores cercanos; el que acepta se comunica con usted. No le cuesta nada.',
      action: 'Pedir ayuda',
      howLong: '¿Cuánto se tarda?',
    },
    agent: {
      heading: 'Soy agente o corredor',
      text: 'Inicie sesión para aceptar los términos, ver cómo va su registro y responder a los referidos.',
      action: 'Iniciar sesión',
      invitation:
        '¿Es nuevo aquí? Cuando termine la capacitación de Help On Demand, le llegará una invitación al correo electrónico de su perfil de MLMS. Para registrarse, use el enlace de la invitación.',
    },
  },

  lost: {
    title: 'Esta página no existe',
    text: 'Puede que la dirección esté mal escrita o que la página haya cambiado de lugar.',
    home: 'Ir a la página de inicio',
  },
  broken: broken.es,
};

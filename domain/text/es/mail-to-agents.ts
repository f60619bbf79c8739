import { helpContacts } from '../help-contacts.ts';
import { linked, webLink } from '../linked.ts';
import type { MailSentences } from '../notice-data.ts';
import { byChannel, failureOf, remedyOf } from './channel-failures.ts';
import { restoredLine } from './mail-about-standing.ts';
import { agentFooter, hello } from './mail-parts.ts';
import { names } from './names.ts';
import { atInFull, duration, list } from './times.ts';

export const mailToAgents: Pick<
  MailSentences,
  | 'invitation'
  | 'invitation-reminder'
  | 'registration-confirmed'
  | 'terms-reminder'
  | 'active'
  | 'active-again'
  | 'lapsed'
  | 'phone-not-mobile'
  | 'hours-question'
  | 'test-offer'
  | 'channel-failed'
> = {
  'test-offer': ({ expiresAt, answerUrl }, when) => ({
    subject: 'PRUEBA: así le llega una oferta por correo',
    paragraphs: [
      'Esta es la prueba que usted pidió. Ningún consumidor espera, y no cuenta para nada.',
      `Por favor, abra el enlace y presione el botón a más tardar ${atInFull(expiresAt, when)}. Así sabemos que las ofertas le llegan por correo.`,
    ],
    action: { label: 'Sí, llegó', url: answerUrl },
    footer: agentFooter,
  }),
  'hours-question': ({ firstName, unseenOffers, confirmUrl, availabilityUrl }) => ({
    subject: '¿Sigue vigente su horario? No recibirá referidos hasta que responda',
    paragraphs: [
      hello(firstName),
      `Los últimos ${unseenOffers} referidos que le ofrecimos no se abrieron. Cada vez un consumidor esperó, y después preguntamos a otro agente.`,
      '¿Sigue vigente su horario? Hasta que responda no le ofreceremos nada, para que nadie espere en vano.',
    ],
    action: { label: 'Sí, mi horario sigue vigente', url: confirmUrl },
    afterAction: [
      linked`¿Cambió su horario? Entonces inicie sesión y cámbielo en ${webLink(availabilityUrl)}. Eso también cuenta como respuesta.`,
    ],
    footer: agentFooter,
  }),
  'channel-failed': ({ firstName, channel, because, availabilityUrl }) => ({
    subject: `Las ofertas ya no le llegan ${byChannel[channel]}`,
    paragraphs: [
      hello(firstName),
      `${failureOf[channel]} Ya no le enviamos nada por ahí; este aviso le llegó por otro medio.`,
      `${remedyOf(channel, because)} Hasta entonces las ofertas le llegan solo por sus otros medios, y quizás las vea más tarde.`,
    ],
    action: { label: 'Ver qué medios funcionan', url: availabilityUrl },
    afterAction: ['Cuando esté resuelto, allí puede enviarse una oferta de prueba.'],
    footer: agentFooter,
  }),
  invitation: ({ firstName, planYear, issuedAt, expiresAt, registerUrl }, when) => ({
    subject: `Regístrese en Help On Demand para el año del plan ${planYear}`,
    paragraphs: [
      hello(firstName),
      `CMS confirmó que usted puede participar en Help On Demand en el año del plan ${planYear}. Active su cuenta con el enlace de abajo. Es solo para usted; por favor, no lo reenvíe.`,
      `El enlace es válido durante ${duration(expiresAt.getTime() - issuedAt.getTime())}, hasta ${atInFull(expiresAt, when)}.`,
    ],
    action: { label: 'Registrarse ahora', url: registerUrl },
    afterAction: [
      'Qué sigue:',
      [
        'Elija un nombre de usuario y una contraseña.',
        'Indique su teléfono, su método de contacto preferido y su código postal. Dé un teléfono celular, no una línea fija: allí le llegarán los mensajes de texto.',
        'Acepte los Términos de uso y termine el registro.',
        'Inicie sesión y acepte los Términos de uso para agentes y corredores. Solo entonces recibirá referidos.',
      ],
      linked`Su nombre y su correo electrónico vienen de su perfil de MLMS. Para cambiarlos, inicie sesión en ${webLink(helpContacts.cmsPortal)}.`,
      'Si el enlace ya venció, ábralo de todos modos: la página le enviará otro.',
    ],
    footer: agentFooter,
  }),
  'invitation-reminder': ({ firstName, planYear, expiresAt, registerUrl }, when) => ({
    subject: 'Su enlace de Help On Demand está por vencer',
    paragraphs: [
      hello(firstName),
      `Todavía no se ha registrado en Help On Demand para el año del plan ${planYear}. Su enlace es válido hasta ${atInFull(expiresAt, when)}.`,
      'Tenga a mano su número de celular y su código postal; toma unos minutos.',
    ],
    action: { label: 'Registrarse ahora', url: registerUrl },
    footer: agentFooter,
  }),
  'registration-confirmed': ({ firstName, planYear, loginUrl }) => ({
    subject: 'Su registro en Help On Demand está casi completo',
    paragraphs: [
      hello(firstName),
      `Gracias por registrarse para el año del plan ${planYear}. Su acceso a Help On Demand está confirmado y su registro está casi completo.`,
      `Próximo paso: inicie sesión con el nombre de usuario y la contraseña que eligió y acepte los ${names.terms['agents-and-brokers-terms-of-use']}. Hasta entonces su registro está incompleto y no recibirá referidos.`,
    ],
    action: { label: 'Iniciar sesión', url: loginUrl },
    afterAction: [
      linked`Guarde este correo. Contiene la dirección para iniciar sesión: ${webLink(loginUrl)}`,
      'En los próximos años del plan seguirá usando estos datos: no recibirá otro correo de registro.',
    ],
    footer: agentFooter,
  }),
  'terms-reminder': ({ firstName, planYear, missing, loginUrl }) => ({
    subject: 'Falta un paso para que reciba referidos',
    paragraphs: [
      hello(firstName),
      `Su registro en Help On Demand para el año del plan ${planYear} no está completo. Inicie sesión, lea y acepte:`,
      missing.map((kind) => names.terms[kind]),
      'Hasta entonces no recibirá referidos.',
    ],
    action: { label: 'Iniciar sesión y aceptar', url: loginUrl },
    footer: agentFooter,
  }),
  active: ({ firstName, planYear, loginUrl, languages, states }) => ({
    subject: 'Ya puede recibir referidos',
    paragraphs: [
      hello(firstName),
      `Su registro en Help On Demand para el año del plan ${planYear} está completo. Desde ahora se le pueden ofrecer referidos.`,
      'Primero revise su perfil:',
      [
        'Información de contacto: le avisamos al teléfono y por el método de contacto que indique allí.',
        `Idiomas que habla${languages.length > 0 ? `: ${list(languages.map(names.languageName))}` : ': todavía ninguno'}.`,
        `Estados donde quiere recibir referidos${states.length > 0 ? `: ${list(states)}` : ': todavía ninguno'}.`,
      ],
    ],
    action: { label: 'Revisar su perfil', url: loginUrl },
    afterAction: [
      'Responda pronto: cada referido se ofrece por un tiempo breve, y lo tiene el primer agente que acepta.',
      linked`Su nombre y su correo electrónico vienen de su perfil de MLMS. Para cambiarlos, inicie sesión en ${webLink(helpContacts.cmsPortal)}.`,
    ],
    footer: agentFooter,
  }),
  'active-again': ({ firstName, planYear, restored, loginUrl }) => ({
    subject: 'Vuelve a recibir referidos',
    paragraphs: [
      hello(firstName),
      `Todo lo que Help On Demand necesita para el año del plan ${planYear} está de nuevo en orden, y desde ahora se le pueden ofrecer referidos.`,
      ...(restored.length > 0 ? ['Esto faltaba y ya está resuelto:', restored.map(restoredLine)] : []),
      'Revise si su información de contacto, sus idiomas y sus estados siguen siendo correctos.',
    ],
    action: { label: 'Revisar su perfil', url: loginUrl },
    footer: agentFooter,
  }),
  'phone-not-mobile': ({ firstName, loginUrl }) => ({
    subject: 'Su número de teléfono no recibe mensajes de texto',
    paragraphs: [
      hello(firstName),
      'El número de teléfono de su perfil de Help On Demand no recibe mensajes de texto: es de una línea fija u otro número que no es celular. No pudimos saberlo cuando se registró; por eso le avisamos ahora.',
      'Ya no se le envían mensajes de texto a ese número. Indique un teléfono celular en su perfil para enterarse a tiempo de cada referido. Todo lo demás queda igual.',
    ],
    action: { label: 'Cambiar su número de teléfono', url: loginUrl },
    footer: agentFooter,
  }),
  lapsed: ({ firstName, planYear }) => ({
    subject: `Su registro para el año del plan ${planYear} terminó`,
    paragraphs: [
      hello(firstName),
      `Su registro en el Mercado para el año del plan ${planYear} llegó a su fecha de fin, así que ya no se le ofrecen referidos para ese año.`,
      'Para participar en el próximo año del plan, complete el registro y la capacitación del Mercado, los acuerdos con CMS y el curso de Help On Demand. Sus datos de acceso a Help On Demand no cambian.',
    ],
    action: { label: 'Ir al portal de CMS', url: helpContacts.cmsPortal },
    footer: agentFooter,
  }),
};

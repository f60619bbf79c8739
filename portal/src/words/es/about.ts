import { helpContacts } from '../../../../domain/text/help-contacts.ts';
import type { about as english } from '../en/about.ts';

export const about: typeof english = {
  version: (version) => `Help On Demand, versión ${version}`,
  questions: {
    title: 'Preguntas y respuestas',
    lead: 'Para quienes necesitan ayuda con la cobertura médica, y para los agentes y corredores que la dan.',
    sections: [
      {
        heading: '¿Cuánto cuesta?',
        text: [
          'Nada. Un agente o corredor no le puede cobrar por ayudarle con la cobertura del Mercado de Seguros Médicos.',
        ],
      },
      {
        heading: '¿Quién me va a llamar?',
        text: [
          'Un agente o corredor con licencia, registrado y capacitado para el Mercado. Su página muestra el nombre y un número, el NPN. Pida ese número a quien le llame y compruebe que sea el mismo.',
          'Si no lo es, cuelgue. Nunca llamamos para pedirle su número de Seguro Social ni dinero.',
        ],
      },
      {
        heading: 'Nadie me ha llamado. ¿Qué hago?',
        text: [
          'Abra el enlace que le enviamos. Su página muestra cómo va la solicitud y hasta cuándo tiene tiempo el agente para llamarle. Allí puede decirnos que nadie llamó, o pedir otro agente.',
          `También puede llamar al Centro de Llamadas del Mercado, de día y de noche excepto algunos días feriados: ${helpContacts.callCenter} (TTY ${helpContacts.callCenterTty}).`,
        ],
      },
      {
        heading: 'Perdí el enlace de mi solicitud',
        text: [
          'Escriba el teléfono o el correo electrónico que nos dio. Si su solicitud está abierta, enviamos allí el enlace otra vez.',
        ],
        link: { to: '/status', text: 'Envíenme el enlace' },
      },
      {
        heading: 'Ya no quiero ayuda',
        text: [
          'Presione “Retirar mi solicitud” en su página. Entonces nadie se comunica con usted. Si un agente ya tiene su número, le avisamos que no lo use.',
        ],
      },
      {
        heading: '¿Cómo dejo de recibir mensajes de texto?',
        text: [
          'Responda STOP a cualquiera de ellos. Su solicitud sigue sin los mensajes. Responda START para recibirlos de nuevo.',
        ],
      },
      {
        heading: 'Soy agente y no tengo invitación',
        text: [
          'La invitación llega al correo electrónico de su perfil de MLMS, por lo general en los dos días hábiles después de terminar la capacitación. Podemos decirle qué falta todavía.',
          `Las preguntas sobre el registro y la capacitación las responde el centro de ayuda: ${helpContacts.helpDesk}.`,
        ],
        link: { to: '/log-in-help', text: 'Preguntar por mi invitación' },
      },
      {
        heading: 'Soy agente y no recibo referidos',
        text: [
          'Sus requisitos muestran lo que falta todavía, y su disponibilidad si se le puede preguntar ahora. “Por qué a mí no” dice, día por día, por qué una solicitud de sus estados fue para otra persona.',
        ],
      },
    ],
  },
  privacy: {
    title: 'Privacidad',
    lead: 'Qué sabemos de usted, quién lo ve y cuándo lo borramos.',
    sections: [
      {
        heading: 'Qué le pedimos',
        text: [
          'Si pide ayuda: su nombre, un teléfono o un correo electrónico, su código postal, el idioma en el que quiere hablar y lo que necesita. Nunca le pedimos su número de Seguro Social, sus ingresos ni datos de su salud.',
          'Si es agente: su NPN y lo que el Mercado, el sistema de capacitación y su estado dicen de su registro y sus licencias, además del contacto y el horario que usted nos da.',
        ],
      },
      {
        heading: 'Quién lo ve',
        text: [
          'El agente al que preguntamos ve su código postal, su ciudad, su idioma y lo que necesita, pero no quién es usted. Solo el que acepta recibe su nombre y sus datos de contacto, y solo para llamarle sobre esta solicitud.',
          'Nuestro equipo de operaciones puede ver sus datos de contacto cuando hay un problema. Cada consulta queda registrada, con el motivo.',
          'No vendemos nada, no mostramos anuncios ni contamos visitas. Las cookies sirven para iniciar sesión y para nada más.',
        ],
      },
      {
        heading: 'Cómo se guarda',
        text: [
          'Su nombre, sus datos de contacto y las notas de un agente sobre usted se guardan cifrados con una llave propia. Cuando esa llave se destruye, ya nadie los puede leer.',
        ],
      },
      {
        heading: 'Por cuánto tiempo',
        items: [
          'Una solicitud que nunca se confirma con su código: se borra después de una hora.',
          'Su nombre, su teléfono, su correo electrónico y las notas de un agente: hasta 90 días después de que termina su solicitud.',
          'La constancia de que usted aceptó, sin sus datos de contacto: 10 años, como piden las reglas del Mercado.',
          'Quién inició sesión y cuándo, de los agentes y del equipo de operaciones: un año.',
        ],
      },
      {
        heading: 'Qué puede hacer usted',
        text: [
          'Retire su consentimiento en la página de su solicitud, en cualquier momento. Entonces todo se detiene, y borramos enseguida su nombre, su teléfono y su correo electrónico.',
        ],
      },
    ],
  },
  accessibility: {
    title: 'Accesibilidad',
    lead: 'Todas las personas deben poder usar estas páginas.',
    sections: [
      {
        heading: 'Qué nos proponemos',
        text: [
          'Las páginas siguen las Pautas de Accesibilidad para el Contenido Web (WCAG) 2.2, nivel AA, y la Sección 508. Un programa revisa cada página con cada cambio, en un teléfono y en una computadora, con letra grande y con los colores del dispositivo.',
        ],
      },
      {
        heading: 'Qué funciona',
        items: [
          'Todo se puede hacer solo con el teclado, y siempre se ve dónde está.',
          'Los lectores de pantalla anuncian cada cambio de una página que se actualiza sola.',
          'El texto puede ser el doble de grande sin que nada se corte.',
          'Un código puede llegar en una llamada en vez de un mensaje de texto.',
          'Las páginas para quienes necesitan ayuda y para los agentes están en inglés y en español.',
        ],
      },
      {
        heading: 'Qué no funciona todavía',
        items: [
          'Los términos para agentes y las páginas del equipo de operaciones están solo en inglés.',
          'La documentación de la API es para programadores, y larga.',
        ],
      },
      {
        heading: 'Díganos',
        text: [
          `Si algo le impide recibir ayuda, llame al Centro de Llamadas del Mercado: ${helpContacts.callCenter}, TTY ${helpContacts.callCenterTty}, relevo ${helpContacts.relay}. No tiene que usar estas páginas. Los agentes y corredores escriben a ${helpContacts.helpDesk}.`,
        ],
      },
    ],
  },
};

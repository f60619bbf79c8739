import { adverbOf, limitOf } from '../../../../domain/text/es/times.ts';
import type { status as english } from '../en/status.ts';

const codeWays = {
  email: 'Le enviamos un código de 6 dígitos a su correo electrónico.',
  text: 'Le enviamos un código de 6 dígitos a su teléfono por mensaje de texto.',
  voice:
    'Le estamos llamando por teléfono para decirle un código de 6 dígitos: por favor, conteste; dura medio minuto.',
};

export const status: typeof english = {
  title: 'Su solicitud de ayuda',
  agent: 'Su agente',
  agentName: 'Nombre',
  npn: 'NPN',
  npnNote: 'Pida este número a quien se comunique con usted. Puede comprobarlo en',
  since: (at) => `Desde ${at}.`,
  callCenter: (number) => `Llame al Centro de Llamadas del Mercado: ${number}`,
  steps: {
    heading: 'Qué ha pasado hasta ahora',
    done: '(hecho)',
    received: 'Solicitud recibida',
    asked: 'Agentes consultados',
    askedCount: (count) =>
      count === 1
        ? 'Hasta ahora hemos preguntado a un agente.'
        : `Hasta ahora hemos preguntado a ${count} agentes.`,
    found: 'Agente encontrado',
    inTouch: 'En contacto',
    closed: 'Cerrada',
    usually: {
      'this-hour': (median, ninetieth) =>
        `A esta hora del día, la mitad de las personas de su estado tuvo un agente en ${median}, y 9 de cada 10 en ${ninetieth}.`,
      month: (median, ninetieth) =>
        `En los últimos 30 días, la mitad de las personas de su estado tuvo un agente en ${median}, y 9 de cada 10 en ${ninetieth}.`,
    },
    latestBy: (at) => `Si no encontramos a nadie, se lo diremos ${limitOf(at)}.`,
    tries: (count) => `Con este van ${count} intentos.`,
  },
  closedAs: {
    enrolled: 'Su agente nos informó que usted se inscribió en un plan.',
    'not-enrolled': 'Su agente nos informó que usted no se inscribió en un plan con su ayuda.',
  },
  live: 'Esta página se actualiza sola.',
  reconnecting:
    'Se perdió la conexión. Estamos tratando de conectarnos de nuevo. Puede que esta página no esté al día.',
  keep: 'Guarde la dirección de esta página. Quien la tenga puede ver y retirar su solicitud, así que no la comparta.',
  license: 'Licencia',
  contactBy: 'Se comunica con usted',
  callBy: 'Tiene tiempo hasta',
  tried: (agent, at, nextTry) =>
    `${agent} intentó comunicarse con usted ${adverbOf(at)} y lo intentará de nuevo ${limitOf(nextTry)}.`,
  leftVoicemail: (agent, at, nextTry) =>
    `${agent} le dejó un mensaje de voz ${adverbOf(at)} y lo intentará de nuevo ${limitOf(nextTry)}.`,
  called: { heading: '¿Ya se comunicó el agente con usted?', yes: 'Sí', no: 'Todavía no' },
  calledNo: 'Gracias. Le enviamos un recordatorio al agente.',
  calledYes: 'Gracias.',
  another: {
    label: 'Pedir otro agente',
    text: 'Puede hacerlo una sola vez. Avisamos al agente que tiene ahora que no se comunique con usted.',
    heading: '¿Quiere pedir otro agente?',
    yes: 'Sí, pedir otro agente',
    no: 'No, seguir con este agente',
    busy: 'Un momento…',
  },
  problem: 'Reportar un problema con el agente',
  problemQuestion: '¿Cuál es el problema?',
  problemMissing: 'Elija cuál es el problema.',
  problemSend: 'Enviar el reporte',
  problemDone: 'Gracias. El equipo de operaciones revisa cada reporte.',
  confirm: {
    heading: 'Escriba el código',
    sent: (by) =>
      `${by.map((way) => codeWays[way]).join(' ')} El código confirma que podemos comunicarnos con usted.`.trim(),
    isUnderWay:
      'Su solicitud está en marcha. No usamos un teléfono ni un correo electrónico hasta que escriba su código.',
    label: 'Código',
    missing: 'Escriba el código que le enviamos o le dijimos.',
    invalid: 'Un código tiene 6 dígitos.',
    wrong: (attemptsLeft) =>
      attemptsLeft === 0
        ? 'Este no es el código que le dimos. Pida uno nuevo.'
        : `Este no es el código que le dimos. Puede intentarlo ${attemptsLeft} ${attemptsLeft === 1 ? 'vez' : 'veces'} más.`,
    submit: 'Confirmar',
    submitting: 'Confirmando…',
    resend: 'Enviar un código nuevo',
    resent: 'Un código nuevo va en camino. Los anteriores ya no sirven.',
    call: 'Llámenme con el código',
    callAgain: 'Llámenme otra vez',
    calling: 'Le estamos llamando con un código nuevo. Los anteriores ya no sirven.',
  },
  correct: {
    heading: 'Corrija su teléfono o correo electrónico',
    phone: 'Teléfono',
    email: 'Correo electrónico',
    send: 'Guardar',
    done: 'Gracias. Lo usamos a partir de ahora.',
    waiting: 'Enviamos un código allí. Cuando lo escriba arriba, lo usaremos.',
  },
  stop: {
    heading: 'Si quiere detener su solicitud',
    withdraw: {
      label: 'Retirar mi solicitud',
      text: 'Entonces nadie se comunicará con usted. Si un agente tiene sus datos, le avisamos que no los use.',
      heading: '¿Quiere retirar su solicitud?',
      yes: 'Sí, retirarla',
      no: 'No, dejar todo como está',
      busy: 'Retirando…',
    },
    rescind: {
      label: 'Retirar mi consentimiento y borrar mis datos de contacto',
      text: 'Todo se detiene, y borramos su nombre, su teléfono y su correo electrónico. Solo guardamos durante 10 años la constancia de quién dio el consentimiento, como lo exige la ley.',
      heading: '¿Quiere retirar su consentimiento?',
      yes: 'Sí, retirarlo',
      no: 'No, mantener mi consentimiento',
      busy: 'Retirando…',
    },
  },
  again: 'Pedir ayuda de nuevo',
  kept: {
    heading: 'Qué guardamos sobre usted',
    everythingUntil: (day) =>
      `Si no se escribe el código, borramos esta solicitud y todo lo que contiene hoy o el ${day}.`,
    contactAfterEnd: (days) =>
      `Guardamos su nombre, su teléfono y su correo electrónico hasta ${days} días después de que termine su solicitud; luego los borramos.`,
    contactUntil: (day) =>
      `Guardamos su nombre, su teléfono y su correo electrónico hasta el ${day}; luego los borramos.`,
    contactErased: 'Ya borramos su nombre, su teléfono y su correo electrónico.',
    recordLater:
      'Después solo guardamos durante 10 años la constancia de quién dio el consentimiento, como lo exige la ley.',
    recordUntil: (day) =>
      `Solo guardamos hasta el ${day} la constancia de quién dio el consentimiento, como lo exige la ley.`,
    request: (years) => `La solicitud misma, sin su nombre, se guarda ${years} años.`,
    download: 'Descargar lo que guardamos',
    inPart:
      'El archivo muestra su nombre y su contacto solo en parte, porque quien tenga el enlace de esta página puede descargarlo.',
  },
  unknown: {
    title: 'No podemos mostrar esta solicitud',
    text: 'El enlace está incompleto o la solicitud ya terminó. A veces los programas de correo y los filtros cortan el final de un enlace.',
  },
  linkAgain: {
    lead: 'Escriba el teléfono o el correo electrónico de su solicitud. Si está abierta, enviamos allí el enlace otra vez.',
    contact: {
      label: 'Teléfono o correo electrónico',
      missing: 'Escriba su teléfono o su correo electrónico.',
      invalid: 'Escriba un teléfono de EE. UU. de 10 dígitos o un correo electrónico.',
    },
    send: 'Envíenme el enlace',
    sending: 'Enviando…',
    sent: 'Si hay una solicitud abierta con estos datos, el enlace va en camino. Revise también la carpeta de correo no deseado.',
  },
};

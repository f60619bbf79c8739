import type { status as english } from '../en/status.ts';

const codeWays = {
  email: 'Le enviamos un código de 6 cifras a su correo electrónico.',
  text: 'Le enviamos un código de 6 cifras a su teléfono por mensaje de texto.',
  voice:
    'Le estamos llamando por teléfono para decirle un código de 6 cifras: por favor, conteste; dura medio minuto.',
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
    latestBy: (at) => `Si no encontramos a nadie, se lo decimos a más tardar: ${at}.`,
    tries: (count) => `Con este van ${count} intentos.`,
  },
  closedAs: {
    enrolled: 'Su agente nos informó de que usted quedó inscrito en un plan.',
    'not-enrolled': 'Su agente nos informó de que usted no se inscribió en un plan por su medio.',
  },
  live: 'Esta página muestra cada cambio por sí sola.',
  reconnecting:
    'Por el momento se perdió la conexión; seguimos intentándolo. Lo que ve puede no estar al día.',
  keep: 'Guarde la dirección de esta página: es la llave de su solicitud. No la comparta con nadie en quien no confíe.',
  license: 'Licencia',
  contactBy: 'Se comunica con usted',
  callBy: 'Lo hace antes de',
  tried: (agent, at, nextTry) =>
    `${agent} intentó comunicarse con usted (${at}) y lo intentará de nuevo; tiene hasta ${nextTry}.`,
  leftVoicemail: (agent, at, nextTry) =>
    `${agent} le dejó un mensaje de voz (${at}) y lo intentará de nuevo; tiene hasta ${nextTry}.`,
  called: { heading: '¿Ya se comunicó el agente con usted?', yes: 'Sí', no: 'Todavía no' },
  calledNo: 'Gracias. Se lo recordamos al agente.',
  calledYes: 'Gracias.',
  another: {
    label: 'Pedir otro agente',
    text: 'Puede hacerlo una sola vez. Al agente que tiene ahora se le avisa que no se comunique con usted.',
    heading: '¿Quiere pedir otro agente?',
    yes: 'Sí, pedir otro agente',
    no: 'No, seguir con este agente',
    busy: 'Un momento…',
  },
  problem: 'Informar de un problema con el agente',
  problemQuestion: '¿Cuál es el problema?',
  problemMissing: 'Elija cuál es el problema.',
  problemSend: 'Informar',
  problemDone: 'Gracias. El equipo de operaciones revisa cada informe.',
  confirm: {
    heading: 'Escriba el código',
    sent: (by) =>
      `${by.map((way) => codeWays[way]).join(' ')} Con un código sabemos que un agente puede comunicarse con usted.`.trim(),
    isUnderWay:
      'Su solicitud está en marcha. Lo que aún no tiene su código no se usa: nadie llama ni escribe allí.',
    label: 'Código',
    missing: 'Escriba el código que le enviamos o le dijimos.',
    invalid: 'Un código tiene 6 cifras.',
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
      text: 'Entonces nadie se comunicará con usted. Al agente que tenga sus datos se le avisa que no los use.',
      heading: '¿Quiere retirar su solicitud?',
      yes: 'Sí, retirarla',
      no: 'No, dejar todo como está',
      busy: 'Retirando…',
    },
    rescind: {
      label: 'Retirar mi consentimiento',
      text: 'Todo se detiene, y borramos su nombre, su teléfono y su correo electrónico. Solo el registro de su consentimiento dice durante 10 años quién lo dio, como lo exige la ley.',
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
      'Después, solo el registro de su consentimiento dice durante 10 años quién lo dio, como lo exige la ley.',
    recordUntil: (day) =>
      `Solo el registro de su consentimiento dice hasta el ${day} quién lo dio, como lo exige la ley.`,
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

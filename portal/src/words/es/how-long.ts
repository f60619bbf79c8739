import type { howLong as english } from '../en/how-long.ts';

export const howLong: typeof english = {
  title: 'Cuánto se tarda',
  lead: 'Esto es lo que tuvieron que esperar por un agente las personas que nos pidieron ayuda. Volvemos a contar los últimos días cada hora, y los últimos 30 días cada seis horas.',
  choose: {
    state: 'Su estado',
    anyState: 'Todos los estados',
    language: 'Idioma en el que quiere hablar',
    anyLanguage: 'Todos los idiomas',
  },
  tooFew: 'Todavía no tenemos suficientes casos para decirlo.',
  group: {
    everywhere: 'personas de todos los estados',
    inState: (state) => `personas de ${state}`,
    inLanguage: (language) => ` que pidieron hablar en ${language}`,
    sentence: (people, period) => `Se trata de ${people} ${period}.`,
    period: {
      'this-hour': 'a esta hora del día, en los últimos 7 días',
      month: 'en los últimos 30 días',
    },
  },
  wait: {
    heading: 'Hasta que un agente acepta su solicitud',
    found: (median, ninetieth) =>
      `La mitad de las personas tuvo un agente en ${median} o menos; 9 de cada 10, en ${ninetieth} o menos.`,
    then: (time) =>
      `El tiempo empieza cuando usted envía el formulario, o cuando escribe el código que le enviamos. Después, el agente tiene ${time} para comunicarse con usted.`,
  },
  unmatched: {
    heading: 'Con qué frecuencia no encontramos a nadie',
    share: (percent) =>
      percent < 1
        ? 'Para menos de 1 de cada 100 personas no encontramos un agente a tiempo.'
        : `Para ${Math.round(percent)} de cada 100 personas no encontramos un agente a tiempo.`,
    then: (phone) =>
      `Si le pasa a usted, se lo decimos. El Centro de Llamadas del Mercado también puede ayudarle: ${phone}.`,
  },
  number: {
    heading: 'Quién recibe su número de teléfono',
    asked: (atOnce) =>
      atOnce === 1
        ? 'Preguntamos a un agente a la vez. Solo el agente que acepta recibe su nombre y su número.'
        : `Preguntamos hasta a ${atOnce} agentes a la vez. Solo el primero que acepta recibe su nombre y su número.`,
    check:
      'Su página muestra el nombre y el NPN de ese agente. Pida este número a quien le llame antes de darle cualquier información.',
  },
  ready: {
    heading: 'Qué conviene tener a mano',
    lead: 'Con esto a mano, la llamada es corta:',
    items: [
      'Quiénes viven en su hogar y están en su declaración de impuestos, con sus fechas de nacimiento, aunque no necesiten cobertura.',
      'Lo que gana su hogar, por ejemplo según talones de pago o formularios W-2, y su mejor cálculo para el año de la cobertura.',
      'La cobertura médica que tiene ahora cualquier persona de su hogar, con los números de póliza, y la que ofrece un empleo.',
    ],
    numbers:
      'La solicitud del Mercado pide los números de Seguro Social o los documentos de inmigración de quienes necesitan cobertura. Nuestro formulario nunca los pide. Dígalos solo a su agente, y solo después de haber dado su consentimiento para la solicitud.',
  },
  ask: 'Pedir ayuda',
};

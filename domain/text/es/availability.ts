import type { Sentences } from '../sentences.ts';
import { at, dayInFull, until } from './times.ts';

const why = {
  absent: 'Usted anotó una ausencia.',
  override: 'Usted lo fijó con el interruptor.',
  hours: 'Lo decide su horario semanal.',
  always: 'Usted no fijó ningún horario semanal.',
} as const;

/** Words about an agent's availability. */
export const availabilitySentences: Sentences['availability'] = {
  now: ({ isAvailable, because, changesAt, when }) =>
    `${isAvailable ? 'Disponible para referidos' : 'No disponible para referidos'}${until(changesAt, when)}. ${why[because]}`,
  state: ({ isAvailable, changesAt, when }) =>
    `${isAvailable ? 'Activados' : 'Desactivados'}${until(changesAt, when)}`,
  fault: {
    empty: 'Este horario termina cuando empieza.',
    overlapping: 'Esto coincide con algo que ya anotó.',
    'before-from': 'El último día es anterior al primero.',
    past: 'Esto ya pasó.',
    'too-many': 'Usted ya anotó todas las ausencias que puede haber.',
  },
  weekday: {
    monday: 'lunes',
    tuesday: 'martes',
    wednesday: 'miércoles',
    thursday: 'jueves',
    friday: 'viernes',
    saturday: 'sábado',
    sunday: 'domingo',
  },
  rest: {
    heading: '¿Sigue vigente su horario?',
    because: ({ since, unseenOffers, when }) =>
      `No le ofrecemos referidos desde ${at(since, when)}, porque los últimos ${unseenOffers} no se abrieron. Díganos que su horario sigue vigente, o cámbielo.`,
    confirm: 'Sí, mi horario sigue vigente',
    confirmed: 'Gracias. Le ofrecemos referidos de nuevo.',
    change: 'Cambiar mi horario',
    unknown: 'Este enlace está incompleto o ya no es válido. Inicie sesión para ver y cambiar su horario.',
  },
  readiness: {
    heading: '¿Le llegan las ofertas?',
    ready: 'Sí: las ofertas le llegan.',
    notReady: 'Así como está, ninguna oferta le llega.',
    works: 'funciona',
    notChosen: 'no elegido en su perfil',
    channel: {
      'mail-returned': 'el correo a su dirección fue devuelto; cámbiela en MLMS',
      'no-phone': 'no hay teléfono en su perfil',
      'no-texts-on-line': 'esta línea no recibe mensajes de texto; ponga un celular',
      'texts-stopped': 'los mensajes de texto están detenidos; envíenos START para recibirlos de nuevo',
      'phone-unconfirmed': 'el teléfono no está confirmado con un código',
      'app-gone': 'ya ningún dispositivo recibe notificaciones; actívelas de nuevo',
      'app-not-installed': 'ningún dispositivo recibe notificaciones todavía',
    },
    time: {
      'on-hold': 'El equipo de operaciones ha retenido su cuenta. Escriba al centro de ayuda.',
      'not-serving':
        'Usted no atiende ninguno de los estados en los que quiere referidos. Sus requisitos dicen qué falta.',
      resting: 'Usted no ha dicho que su horario sigue vigente.',
      'no-hours-left': 'Usted no está disponible en ningún momento antes de que termine su registro.',
      away: 'Usted anotó una ausencia.',
      'switched-off': 'Usted apagó los referidos.',
    },
  },
  testOffer: {
    heading: 'Pruebe si le llegan las ofertas',
    lead: 'Una prueba va por todos los canales que usted eligió. Pulse el botón detrás de su enlace o responda el mensaje, y vea aquí qué canales le llegan.',
    send: 'Enviarme una oferta de prueba',
    status: {
      pending: 'en camino',
      sent: 'enviada',
      delivered: 'entregada',
      refused: 'rechazada',
      lapsed: 'no se envió a tiempo',
      bounced: 'devuelta',
      complained: 'marcada como spam',
    },
    answered: ({ at: instant, when }) => `respondida a ${at(instant, when)}`,
    question:
      '¿Le trajo aquí una oferta de prueba? Pulse el botón, y sabremos que las ofertas le llegan por aquí.',
    confirm: 'Sí, llegó',
    arrived: 'Su prueba ha llegado. Las ofertas le llegan por aquí.',
    late: 'Esta prueba ya terminó, así que su respuesta no cuenta. Envíese una nueva en la página de su disponibilidad.',
    unknown: 'Este enlace está incompleto o ya no es válido.',
  },
  switch: {
    heading: '¿Está disponible?',
    label: 'Referidos',
    options: 'Opciones',
    forHowLong: '¿Por cuánto tiempo?',
    lengths: {
      'an-hour': 'Por 1 hora',
      'four-hours': 'Por 4 horas',
      'rest-of-day': 'Por el resto del día',
      'until-switched': 'Hasta que lo cambie otra vez',
    },
    clear: 'Volver a mi horario semanal',
    change: 'Horario semanal y ausencias',
  },
  page: {
    title: 'Su disponibilidad',
    lead: 'Solo se le ofrecen referidos mientras está disponible. Una ausencia vale más que el interruptor de su bandeja, y el interruptor más que el horario semanal.',
    clock: (timeZone) => `Todas las horas son las del reloj de su código postal (${timeZone}).`,
    hours: 'Horario semanal',
    none: 'Usted no fijó ningún horario: está disponible a toda hora.',
    dayOff: 'No disponible',
    from: 'Desde',
    until: 'Hasta',
    nextDay: 'Un final que no es posterior al comienzo cae en el día siguiente. La medianoche es 12:00 a. m.',
    partOf: (weekday, number) => `${weekday}, horario ${number}`,
    add: (weekday) => `Agregar horario: ${weekday}`,
    remove: 'Quitar',
    asMonday: 'Copiar el lunes de martes a viernes',
    copied: 'De martes a viernes rige ahora el horario del lunes. Guárdelo para que valga.',
    wrong: 'Anote desde qué hora y hasta qué hora está disponible.',
    save: 'Guardar el horario',
    saving: 'Guardando…',
    saved: 'Su horario semanal quedó guardado.',
    absences: 'Ausencias',
    absencesLead: 'No se le ofrece nada desde el primero hasta el último día.',
    firstDay: { label: 'Primer día', missing: 'Anote el primer día.', invalid: 'Anote una fecha.' },
    lastDay: { label: 'Último día', missing: 'Anote el último día.', invalid: 'Anote una fecha.' },
    enter: 'Anotar esta ausencia',
    entered: 'Su ausencia quedó anotada.',
    noAbsences: 'Usted no anotó ninguna ausencia.',
    period: ({ from, until: last }) =>
      from === last ? dayInFull(from) : `del ${dayInFull(from)} al ${dayInFull(last)}`,
    takeBack: 'Retirar',
    takenBack: 'La ausencia quedó retirada.',
  },
};

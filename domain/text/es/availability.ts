import type { Sentences } from '../sentences.ts';
import { at, dayInFull, on, until } from './times.ts';

const why = {
  absent: 'Usted tiene una ausencia.',
  override: 'Usted lo eligió con el interruptor.',
  hours: 'Lo decide su horario semanal.',
  always: 'Usted no tiene un horario semanal.',
} as const;

/** Words about an agent's availability. */
export const availabilitySentences: Sentences['availability'] = {
  now: ({ isAvailable, because, changesAt, when }) =>
    `${isAvailable ? 'Disponible para referidos' : 'No disponible para referidos'}${until(changesAt, when)}. ${why[because]}`,
  state: ({ isAvailable, changesAt, when }) =>
    `${isAvailable ? 'Activados' : 'Desactivados'}${until(changesAt, when)}`,
  fault: {
    empty: 'Este horario termina a la misma hora en que empieza.',
    overlapping: 'Esto se cruza con algo que ya agregó.',
    'before-from': 'El último día es anterior al primero.',
    past: 'Esta fecha ya pasó.',
    'too-many': 'No puede agregar más ausencias.',
  },
  weekday: {
    monday: 'Lunes',
    tuesday: 'Martes',
    wednesday: 'Miércoles',
    thursday: 'Jueves',
    friday: 'Viernes',
    saturday: 'Sábado',
    sunday: 'Domingo',
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
    notReady: 'Por ahora no le llega ninguna oferta.',
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
      'on-hold': 'El equipo de operaciones puso su cuenta en pausa. Escriba al centro de ayuda.',
      'not-serving':
        'Usted no atiende ninguno de los estados en los que quiere referidos. Sus requisitos dicen qué falta.',
      resting: 'Usted no ha dicho que su horario sigue vigente.',
      'no-hours-left': 'Usted no está disponible en ningún momento antes de que termine su registro.',
      away: 'Usted tiene una ausencia.',
      'switched-off': 'Usted desactivó los referidos.',
    },
  },
  testOffer: {
    heading: 'Pruebe si le llegan las ofertas',
    lead: 'Una prueba va por todos los canales que usted eligió. Presione el botón que abre su enlace o responda el mensaje, y vea aquí cuáles le llegan.',
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
    answered: ({ at: instant, when }) => `respondida ${on(instant, when)}`,
    question:
      '¿Llegó aquí por una oferta de prueba? Presione el botón, y sabremos que las ofertas le llegan por este medio.',
    confirm: 'Sí, llegó',
    arrived: 'Su prueba llegó. Las ofertas le llegan por este medio.',
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
    lead: 'Solo se le ofrecen referidos mientras está disponible. Una ausencia tiene prioridad sobre el interruptor de su bandeja, y el interruptor sobre su horario semanal.',
    clock: (timeZone) => `Todas las horas son las de la zona horaria de su código postal (${timeZone}).`,
    hours: 'Horario semanal',
    none: 'Usted no tiene un horario: está disponible a toda hora.',
    dayOff: 'No disponible',
    from: 'Desde',
    until: 'Hasta',
    nextDay:
      'Si un horario termina a la hora en que empieza o antes, sigue hasta el día siguiente. La medianoche es 12:00 a. m.',
    partOf: (weekday, number) => `${weekday}, horario ${number}`,
    add: (weekday) => `Agregar horario el ${weekday.toLowerCase()}`,
    remove: 'Quitar',
    asMonday: 'Copiar el lunes para martes a viernes',
    copied: 'De martes a viernes está ahora el horario del lunes. Guárdelo para que cuente.',
    wrong: 'Escriba desde qué hora y hasta qué hora está disponible.',
    save: 'Guardar el horario',
    saving: 'Guardando…',
    saved: 'Su horario semanal quedó guardado.',
    absences: 'Ausencias',
    absencesLead: 'No recibe referidos desde el primer día hasta el último, incluidos los dos.',
    firstDay: { label: 'Primer día', missing: 'Escriba el primer día.', invalid: 'Escriba una fecha.' },
    lastDay: { label: 'Último día', missing: 'Escriba el último día.', invalid: 'Escriba una fecha.' },
    enter: 'Agregar esta ausencia',
    entered: 'Se agregó su ausencia.',
    noAbsences: 'No tiene ninguna ausencia planeada.',
    period: ({ from, until: last }) =>
      from === last ? dayInFull(from) : `del ${dayInFull(from)} al ${dayInFull(last)}`,
    takeBack: 'Quitar',
    takenBack: 'Se quitó la ausencia.',
  },
};

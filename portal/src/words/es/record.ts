import { adverbOf } from '../../../../domain/text/es/times.ts';
import type { record as english } from '../en/record.ts';

export const record: typeof english = {
  pages: 'Su historial',
  link: { history: 'Historial', figures: 'Sus números', unoffered: 'Por qué a mí no' },
  history: {
    title: 'Historial',
    lead: 'Todo lo que se le ofreció y en qué quedó. El nombre y los datos de contacto de un consumidor están solo en su bandeja, mientras el referido es suyo.',
    place: 'Ciudad o código postal',
    search: 'Buscar',
    state: 'Estado',
    anyState: 'Todos los estados',
    language: 'Idioma',
    anyLanguage: 'Todos los idiomas',
    need: 'Necesidad',
    anyNeed: 'Todas las necesidades',
    became: 'En qué quedó',
    anyBecame: 'Todo',
    clear: 'Mostrar todo',
    caption: 'Sus ofertas, primero la última',
    offeredAt: 'Ofrecido',
    where: 'Lugar',
    tries: (count) => (count === 1 ? 'Lo intentó una vez.' : `Lo intentó ${count} veces.`),
    reached: (at) => `El primer contacto fue ${adverbOf(at)}.`,
    accepted: (at) => `Lo aceptó ${adverbOf(at)}.`,
    answer: 'Responder en su bandeja',
    open: 'Abrir en su bandeja',
    none: 'Todavía no se le ofreció nada.',
    noneFound: 'Nada coincide con esta búsqueda.',
    found: (count, hasMore) => `${count === 1 ? '1 oferta' : `${count} ofertas`}${hasMore ? ', y más' : ''}`,
    more: 'Mostrar ofertas anteriores',
    phase: { offered: 'Espera su respuesta', accepted: 'Aceptado', contacted: 'En contacto' },
  },
  figures: {
    title: 'Sus números',
    lead: (since) =>
      `Las ofertas que tuvo desde ${since}, junto a las de los demás agentes del mismo estado.`,
    state: 'Estado',
    none: 'En los últimos 30 días no se le ofreció nada, y no estuvo disponible para referidos en ningún estado.',
    caption: (state) => `Sus números en ${state}, últimos 30 días`,
    figure: 'Qué se cuenta',
    own: 'Usted',
    median: 'El agente del medio',
    name: {
      offers: 'Ofertas',
      answeredShare: 'Respondidas, de las que podía responder',
      acceptedShare: 'Aceptadas, de las que podía responder',
      answerSeconds: 'Tiempo habitual para responder',
      contactedInTimeShare: (within) => `Contacto en menos de ${within}`,
      enrolledShare: 'Inscripciones, de los contactos que terminaron',
    },
    meaning: (agents, countedAt) =>
      `El agente del medio: de los ${agents} agentes a los que se podía preguntar en este estado, la mitad tuvo más y la mitad menos. Se contó ${adverbOf(countedAt)}.`,
    tooFew: (fewest) =>
      `Un número se omite si menos de ${fewest} agentes lo tienen, para que no se reconozca a nadie.`,
    notCounted: 'Los demás agentes de este estado todavía no se han contado.',
    inTime:
      'La mitad de las respuestas llegó en el tiempo habitual. El tiempo para comunicarse con un consumidor cuenta solo en las horas que eligió.',
    nothing: 'Sin número',
    ends: {
      heading: 'En qué quedaron sus ofertas',
      caption: 'Sus ofertas de los últimos 30 días en todos los estados',
      became: 'En qué quedó',
      offers: 'Ofertas',
    },
  },
  unoffered: {
    title: 'Por qué a mí no',
    lead: (states, since) =>
      `Solicitudes en ${states} desde ${since} cuya búsqueda de un agente terminó, y por qué no se le ofrecieron.`,
    noStates:
      'No atiende ningún estado, así que no se le pudo ofrecer ninguna solicitud. Sus requisitos dicen qué falta.',
    none: 'No hubo solicitudes en sus estados.',
    days: {
      heading: 'Día por día',
      caption: 'Solicitudes en sus estados por día',
      day: 'Día',
      requests: 'Solicitudes',
      offered: 'Se le ofrecieron',
      reasons: 'No se le ofrecieron',
      none: 'Ninguna',
      reason: (requests, name) => `${name}: ${requests}`,
    },
    reasons: {
      heading: 'Por qué, en total',
      caption: 'Solicitudes que no se le ofrecieron, por motivo',
      reason: 'Motivo',
      requests: 'Solicitudes',
    },
    latest: {
      heading: 'Las últimas solicitudes',
      caption: (most) => `Las últimas solicitudes que no se le ofrecieron, como máximo ${most}`,
      hour: 'Hora',
      state: 'Estado',
      language: 'Idioma',
      need: 'Necesidad',
      reason: 'Por qué a usted no',
      asked: (count) =>
        count === 0
          ? 'No se preguntó a nadie.'
          : count === 1
            ? 'Se preguntó a 1 agente.'
            : `Se preguntó a ${count} agentes.`,
      otherLanguage: 'Un idioma que no habla',
      none: 'Ninguna.',
    },
    privacy: 'Ve el estado, la necesidad y la hora de una solicitud, y nada que diga de quién es.',
    asNow: 'Sus idiomas, su dirección y su contacto se toman como son ahora.',
  },
};

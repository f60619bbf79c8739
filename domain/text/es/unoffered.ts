import type { Sentences } from '../sentences.ts';

/** Why a request was not offered to an agent. */
export const unofferedSentences: Pick<Sentences, 'unofferedReason'> = {
  unofferedReason: {
    left: { name: 'Ya no participaba', agent: 'Usted ya no participaba en Help On Demand.' },
    held: { name: 'En pausa', agent: 'El equipo de operaciones lo había puesto en pausa.' },
    resting: {
      name: 'Últimas ofertas sin ver',
      agent: 'Usted no había visto sus últimas ofertas, y esperábamos saber si su horario sigue vigente.',
    },
    'not-serving': {
      name: 'Estado no atendido',
      agent: 'En ese momento usted no atendía este estado. Su lista de requisitos dice qué falta.',
    },
    'state-not-wanted': {
      name: 'Estado no elegido',
      agent: 'Este estado no está entre los que eligió en su perfil.',
    },
    language: {
      name: 'Otro idioma',
      agent: 'El consumidor pidió un idioma que no está en su perfil, sin intérprete.',
    },
    'skips-language': { name: 'Idioma que omite', agent: 'Usted omite las solicitudes en este idioma.' },
    'skips-area': { name: 'Zona que omite', agent: 'Usted omite las solicitudes de esta zona.' },
    unavailable: {
      name: 'No disponible',
      agent: 'Usted no estaba disponible, por su horario, su interruptor o una ausencia.',
    },
    'no-channel': {
      name: 'Sin medio de aviso',
      agent:
        'Ningún mensaje le habría llegado: su correo, sus mensajes de texto y sus notificaciones no funcionan.',
    },
    'at-capacity': {
      name: 'Al máximo de su capacidad',
      agent: 'Usted tenía tantas ofertas y referidos sin primer contacto como puede tener un agente.',
    },
    'changed-since': {
      name: 'Ya no se sabe',
      agent: 'Ya no podemos decirlo, porque algo de su perfil ha cambiado desde entonces.',
    },
    'another-wished': { name: 'Pidió otro agente', agent: 'El consumidor quería primero a otro agente.' },
    'others-speak-it': {
      name: 'Otros hablan el idioma',
      agent: 'Se preguntó a los agentes que hablan el idioma antes que a los que usan intérprete.',
    },
    'others-nearer': {
      name: 'Otros más cerca',
      agent: 'Se preguntó primero a agentes más cercanos al consumidor.',
    },
    'others-waited-longer': {
      name: 'Otros esperaban más',
      agent: 'Se preguntó primero a agentes que llevaban más tiempo sin una oferta.',
    },
  },
};

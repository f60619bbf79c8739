import type { Sentences } from '../types.ts';

/** Why a condition is unmet, and what the agent does about it. */
export const unmetReasonSentences: Sentences['unmetReason'] = {
  'not-on-list':
    'Su NPN no figura en la lista de registros completados para este año del plan. Complete el registro con el NPN de su perfil de MLMS; la lista se actualiza en unos días.',
  missing:
    'Aún no nos ha llegado ninguna fecha de finalización. Termine este paso; si ya lo hizo, se verá aquí uno o dos días después.',
  ended: 'Su registro para este año del plan ha terminado. Regístrese de nuevo o escriba al centro de ayuda.',
  'not-begun':
    'La fecha registrada aún no ha llegado. Cuenta a partir de ese día; no tiene que hacer nada más.',
  'no-training-record':
    'MLMS no nos ha enviado ningún registro de su capacitación para este año del plan. Revise que su NPN esté en su perfil de MLMS.',
  'agreements-missing': 'Firme primero los acuerdos con CMS: el curso se abre y cuenta después de la firma.',
  'before-agreements':
    'El curso tiene una fecha anterior a los acuerdos con CMS, por lo que no cuenta. Complételo de nuevo en MLMS.',
  'stated-invalid':
    'La lista de registros completados dice que su NPN no es válido. Compárelo con sus datos en NIPR y corríjalo en su perfil de MLMS, o escriba al centro de ayuda.',
  'not-stated':
    'La lista no dice si su NPN es válido y ninguna licencia vigente lo confirma. Atienda la licencia estatal que figura abajo.',
  'license-not-found':
    'Todavía no conocemos ninguna licencia suya. Una licencia nueva tarda unos días en llegar a NIPR. Seguimos buscando; revise que sus datos en NIPR la muestren con este NPN.',
  'line-unknown':
    'Su licencia tiene una línea de autoridad que aún no hemos clasificado. No tiene que hacer nada: nuestro equipo lo ve.',
  'line-inactive':
    'Su línea de autoridad de salud no está activa. Pida al departamento de seguros del estado que la reactive.',
  'license-expired':
    'Su licencia ha vencido. Renuévela en el departamento de seguros del estado; NIPR mostrará luego la nueva fecha.',
  'license-inactive':
    'Su licencia no está activa. Pida al departamento de seguros del estado que la reactive.',
  'no-health-line':
    'Su licencia no tiene ninguna línea de autoridad de salud. Pida al departamento de seguros del estado que agregue una.',
  'no-resident-license':
    'Ninguna de sus licencias es de residente. Sin una activa en su estado de residencia, ninguna otra cuenta.',
  'not-on-healthcare-gov':
    'Solo tiene licencia en estados con mercado propio. Para participar, obtenga una licencia en un estado de HealthCare.gov.',
};

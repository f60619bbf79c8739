import { helpContacts } from '../help-contacts.ts';
import type { Sentences } from '../sentences.ts';

/** Words of the conditions of taking part (guide, "Participate in Help On Demand: Training"). */
export const conditionSentences: Sentences['condition'] = {
  'marketplace-registration': {
    name: 'Registro en el Mercado',
    meaning: 'Su registro en el Mercado individual para el año del plan está completo y vigente.',
    remedy: 'Complete el registro para el año del plan en el portal de CMS.',
    url: helpContacts.cmsPortal,
  },
  'marketplace-training': {
    name: 'Capacitación del Mercado',
    meaning: 'Completó la capacitación del Mercado individual para el año del plan.',
    remedy: 'Complete la capacitación en el sistema de aprendizaje del Mercado (MLMS).',
    url: helpContacts.cmsPortal,
  },
  'cms-agreements': {
    name: 'Acuerdos con CMS',
    meaning: 'Firmó los acuerdos de privacidad y seguridad con CMS para el año del plan.',
    remedy: 'Firme los acuerdos en el portal de CMS.',
    url: helpContacts.cmsPortal,
  },
  'help-on-demand-coursework': {
    name: 'Curso de Help On Demand',
    meaning: 'Completó el curso de Help On Demand, que se abre después de firmar los acuerdos con CMS.',
    remedy: 'Complete el curso de Help On Demand en MLMS después de firmar los acuerdos.',
    url: helpContacts.cmsPortal,
  },
  'nipr-profile-validated': {
    name: 'Perfil validado',
    meaning:
      'El nombre, el número de Seguro Social y el NPN de su perfil de MLMS coinciden con el registro nacional de productores de seguros (NIPR).',
    remedy: 'Compare su perfil de MLMS con sus datos en NIPR y corrija las diferencias.',
    url: helpContacts.nipr,
  },
  'npn-valid': {
    name: 'NPN válido',
    meaning: 'Su número nacional de productor (NPN) figura como válido en la lista de registros completados.',
    remedy: 'Consulte su registro y escriba al centro de ayuda si el NPN que figura allí no es correcto.',
    url: helpContacts.registrationTracker,
  },
  'not-terminated': {
    name: 'Sin terminación',
    meaning: 'Su registro en el Mercado no está terminado ni suspendido para el año del plan.',
    remedy: 'Busque la razón en la lista de terminaciones y escriba al centro de ayuda.',
    url: helpContacts.registrationLists,
  },
  'individual-npn': {
    name: 'NPN de una persona',
    meaning: 'El NPN es de una persona. El NPN de una empresa no puede participar.',
    remedy: 'Indique su propio NPN en su perfil de MLMS.',
    url: helpContacts.cmsPortal,
  },
  'licensed-with-health-line': {
    name: 'Licencia estatal',
    meaning:
      'Tiene una licencia de residente activa y una licencia activa con una línea de autoridad de salud en un estado de HealthCare.gov.',
    remedy:
      'Renueve la licencia o agregue la línea de autoridad en el estado y revise luego sus datos en NIPR.',
    url: helpContacts.nipr,
  },
};

/** Why a condition is unmet, and what the agent can do about it. */
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
    'Solo tiene licencia en estados que tienen su propio Mercado. Para participar, obtenga una licencia en un estado de HealthCare.gov.',
};

import { helpContacts } from '../contacts.ts';
import type { Sentences } from '../types.ts';

/** What it takes to take part (guide, «Participate in Help On Demand: Training»). */
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

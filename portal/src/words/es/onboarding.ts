import type { OnboardingStage } from '../../../../domain/stages.ts';
import { adverbOf } from '../../../../domain/text/es/times.ts';
import { helpContacts } from '../../../../domain/text/help-contacts.ts';
import type { onboarding as english } from '../en/onboarding.ts';

/** What a stage that begins by itself means for the agent, and why it begins. */
const nextStage: Readonly<Record<OnboardingStage, (at: string) => string>> = {
  'awaiting-eligibility': (at) =>
    `un requisito deja de cumplirse ${adverbOf(at)}, porque termina una fecha registrada`,
  invited: (at) => `su invitación es válida desde ${at}`,
  'invitation-undeliverable': (at) => `intentamos enviar su invitación de nuevo ${adverbOf(at)}`,
  'invitation-expired': (at) => `su invitación vence ${adverbOf(at)}`,
  'awaiting-terms': (at) => `desde ${at} rige una versión nueva de los términos, que debe aceptar`,
  active: (at) => `usted queda activo ${adverbOf(at)}, porque desde entonces se cumplen todos los requisitos`,
  suspended: (at) =>
    `no recibe más referidos desde ${at}, porque entonces termina un registro o una licencia`,
  lapsed: (at) =>
    `su registro para este año del plan termina ${adverbOf(at)}; regístrese para el siguiente si quiere continuar`,
  left: (at) => `su participación en Help On Demand termina ${adverbOf(at)}`,
};

export const onboarding: typeof english = {
  title: 'Cómo va su registro',
  about: (npn, planYear) => `NPN ${npn}, año del plan ${planYear}`,
  since: (at) => `Desde ${at}.`,
  waitingFor: 'Qué falta',
  next: {
    invite: (at) => `Próximo paso: le enviamos una invitación ${adverbOf(at)}.`,
    'remind-of-invitation': (at) =>
      `Próximo paso: le recordamos su invitación ${adverbOf(at)}, a menos que se haya registrado antes.`,
    'remind-of-terms': (at) =>
      `Próximo paso: le recordamos los términos ${adverbOf(at)}, a menos que los haya aceptado antes.`,
    'look-up-license': (at) =>
      `Próximo paso: buscamos otra vez su licencia en NIPR ${adverbOf(at)}, porque todavía no nos llegó ninguna.`,
    'explain-delay': (at) =>
      `Próximo paso: le escribimos ${adverbOf(at)} por qué su invitación tarda más de lo habitual.`,
    'check-phone': (at) =>
      `Próximo paso: comprobamos ${adverbOf(at)} si su teléfono recibe mensajes de texto.`,
    'warn-of-expiration': (at) =>
      `Próximo paso: le escribimos ${adverbOf(at)}, con tiempo antes de que termine su registro o una licencia.`,
    'look-again': (at) =>
      `Próximo paso: revisamos otra vez sus requisitos ${adverbOf(at)}, porque entonces llega una fecha registrada.`,
    'go-on': (at, stage) =>
      `Próximo paso: ${stage === null ? `esto cambia ${adverbOf(at)}` : nextStage[stage](at)}.`,
  },
  termsHeading: 'Términos por aceptar',
  termsLead:
    'Lea y acepte cada documento. Hasta entonces no recibirá referidos. Los documentos están en inglés.',
  agree: (name) => `He leído los ${name} y los acepto.`,
  agreeMissing: (name) => `Primero lea los ${name} y acéptelos.`,
  accept: 'Aceptar',
  accepting: 'Aceptando…',
  accepted: (name) => `Aceptó los ${name}.`,
  inbox: 'Ir a su bandeja',
  terminated: {
    heading: 'El Mercado terminó su acuerdo',
    text: `Usted figura en la lista de terminaciones por fraude, conducta abusiva o incumplimiento. Hasta que la lista diga que fue readmitido, solo puede ver esta página. Si no es correcto, escriba a ${helpContacts.helpDesk}.`,
  },
  otherYear: (planYear) => `Año del plan ${planYear}`,
  checklist: 'Requisitos para participar',
  checklistLead: 'Los comprobamos con datos de CMS, de MLMS y de NIPR.',
  met: 'Cumplido',
  unmet: 'No cumplido',
  whoActs: 'Quién tiene que actuar',
  party: {
    agent: 'Usted',
    marketplace: 'El Mercado',
    registry: 'El registro de licencias (NIPR); seguimos buscando',
    operations: 'Nuestro equipo',
    nobody: 'Nadie: cuenta desde su fecha',
  },
  evidence: 'Lo que tenemos',
  noEvidence: 'Todavía nada',
  asOf: (at, source) =>
    source === 'license-lookup' ? `consultado en NIPR ${adverbOf(at)}` : `actualizado ${adverbOf(at)}`,
  remedyLink: 'Hágalo en',
  evidenceWords: {
    from: (from, to) => `Completo el ${from}, vigente hasta el ${to}`,
    on: (date) => `Hecho el ${date}`,
    npnListed: { Y: 'Figura como válido', N: 'Figura como no válido', '-': 'Figura sin indicación' },
    status: (status, date) => `Estado ${status} del ${date}`,
    states: (list) => `Con licencia en ${list}`,
    openDate: 'sin fecha',
    none: {
      'not-terminated': 'Ninguna terminación para este año del plan',
      'individual-npn': 'Ninguna licencia de una empresa',
    },
  },
  none: 'No tiene un registro para un año del plan abierto.',
};

import { helpContacts } from '../help-contacts.ts';
import { linked, webLink } from '../linked.ts';
import type { TimeContext } from '../locale-format.ts';
import type { MailSentences, NoticeData, Paragraph } from '../notice-data.ts';
import { unmetLine } from './mail-about-standing.ts';
import { agentFooter, hello } from './mail-parts.ts';
import { onboardingSentences } from './onboarding.ts';
import { atInFull } from './times.ts';

/** Answer to a status request, by stage. Anyone can send the request, so the answer contains no link with a token. */
function standing(data: NoticeData['status-answer'], when: TimeContext): Paragraph[] {
  const { stage, causes, unmet, linkExpiresAt, retryAt, newToMarketplace, isRegistered } = data;
  const stageSentence = onboardingSentences.onboardingStage[stage].agent({
    causes,
    linkExpiresAt,
    retryAt,
    isRegistered,
    when,
  });
  const held = causes.includes('held')
    ? ['El equipo de operaciones puso su cuenta en pausa. Escriba al centro de ayuda.']
    : [];
  const missing = unmet.length > 0 ? [unmet.map(unmetLine)] : [];
  switch (stage) {
    case 'awaiting-eligibility':
      if (missing.length + held.length === 0) return [stageSentence];
      return [
        isRegistered
          ? 'Aún no está activo para este año del plan, porque falta esto:'
          : 'Aún no está invitado, porque falta esto:',
        ...missing,
        ...held,
        ...(newToMarketplace
          ? ['Usted es nuevo en el Mercado: verificar con NIPR sus licencias estatales puede tardar más.']
          : []),
        isRegistered
          ? 'Cuando todo esté resuelto y los registros nos lo confirmen, quedará activo sin hacer nada. No tiene que registrarse otra vez.'
          : 'La invitación se envía sola en cuanto todo esté resuelto y los registros nos lo confirmen.',
      ];
    case 'invited':
      return [
        `Cumple todos los requisitos. A este correo se envió una invitación con su enlace para registrarse${linkExpiresAt ? `; el enlace es válido hasta ${atInFull(linkExpiresAt, when)}` : ''}. Este mensaje no contiene el enlace.`,
        '¿No encuentra la invitación? Revise su carpeta de correo no deseado (spam). Si el enlace ya venció, ábralo de todos modos: la página le envía uno nuevo.',
      ];
    case 'invitation-expired':
      return [
        'Cumple todos los requisitos, pero el enlace de su invitación venció.',
        'Abra de todos modos el enlace de ese correo: la página le envía uno nuevo. Si ya no tiene el correo, escriba al centro de ayuda.',
      ];
    case 'suspended':
      return ['Por ahora no se le ofrecen referidos, porque falta esto:', ...missing, ...held];
    case 'lapsed':
    case 'left':
      return [
        stageSentence,
        'Para participar en un año posterior, complete el registro y la capacitación del Mercado de ese año, los acuerdos con CMS y el curso de Help On Demand.',
      ];
    case 'invitation-undeliverable':
    case 'awaiting-terms':
    case 'active':
      return [stageSentence];
  }
}

export const mailOnRequest: Pick<MailSentences, 'status-answer' | 'log-in-reminder'> = {
  'status-answer': (data, when) => ({
    subject: 'Cómo va su registro en Help On Demand',
    paragraphs: [
      hello(data.firstName),
      `Alguien que conoce su NPN, muy probablemente usted, preguntó cómo va su registro para el año del plan ${data.planYear}. Enviamos la respuesta solo al correo electrónico de su perfil de MLMS.`,
      ...standing(data, when),
      ...data.otherYears.flatMap((year) => [
        `Para el año del plan ${year.planYear} falta todavía esto:`,
        year.unmet.map(unmetLine),
      ]),
    ],
    action: data.isRegistered
      ? { label: 'Iniciar sesión', url: data.loginUrl }
      : { label: 'Ir al portal de CMS', url: helpContacts.cmsPortal },
    footer: agentFooter,
  }),
  'log-in-reminder': ({ firstName, username, loginUrl }) => ({
    subject: 'Cómo iniciar sesión en Help On Demand',
    paragraphs: [
      hello(firstName),
      'Alguien que conoce su NPN, muy probablemente usted, preguntó cómo inicia sesión. Enviamos la respuesta solo al correo electrónico de su perfil de MLMS.',
      `Su nombre de usuario es: ${username}`,
    ],
    action: { label: 'Iniciar sesión', url: loginUrl },
    afterAction: [
      linked`Guarde este correo. Contiene la dirección donde inicia sesión: ${webLink(loginUrl)}`,
      '¿No lo pidió usted? Entonces no tiene que hacer nada: nadie más recibió este correo y no contiene ninguna contraseña.',
    ],
    footer: agentFooter,
  }),
};

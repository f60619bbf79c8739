import { dateAt } from '../../calendar.ts';
import type { Ending } from '../../endings.ts';
import { contacts } from '../contacts.ts';
import type { MailSentences, UnmetCondition } from '../notice-data.ts';
import { conditions } from './conditions.ts';
import { agentFooter, hello } from './mail-parts.ts';
import { names } from './names.ts';
import { onboarding } from './onboarding.ts';
import { dayInFull, list } from './times.ts';
import { unmetReasons } from './unmet-reasons.ts';

/** Lo que falta, qué hacer y de dónde se sabe. */
export const unmetLine = ({ name: condition, because, evidence, asOf }: UnmetCondition): string => {
  const { name, remedy, url } = conditions[condition];
  const source = asOf
    ? ` Nuestro dato${evidence ? ` (${evidence})` : ''} es del ${dayInFull(dateAt(new Date(asOf)))}.`
    : '';
  return `${name}: ${onboarding.onboardingCause[condition]}. ${because ? unmetReasons[because] : remedy}${url ? ` ${url}` : ''}${source}`;
};

const endingLine = ({ subject, endsOn }: Ending): string =>
  subject === 'registration'
    ? `Su registro individual en el Mercado termina el ${dayInFull(endsOn)}.`
    : `Su licencia en ${subject} termina el ${dayInFull(endsOn)}.`;

export const mailAboutStanding: Pick<
  MailSentences,
  'invitation-late' | 'terms-needed' | 'suspended' | 'states-changed' | 'ending-soon' | 'address-changed'
> = {
  'invitation-late': ({ firstName, planYear, unmet, newToMarketplace }) => ({
    subject: 'Por qué aún no ha llegado su invitación a Help On Demand',
    paragraphs: [
      hello(firstName),
      `Usted completó la capacitación para el año del plan ${planYear}, y la invitación a Help On Demand suele llegar en unos dos días hábiles. Aún no se envió porque falta esto:`,
      unmet.map(unmetLine),
      ...(newToMarketplace
        ? ['Usted es nuevo en el Mercado: verificar con NIPR sus licencias estatales puede tardar más.']
        : []),
      'No hace falta que nos escriba cuando esté resuelto: la invitación se envía sola en cuanto los registros nos lo confirmen.',
    ],
    footer: agentFooter,
  }),
  'terms-needed': ({ firstName, planYear, missing, loginUrl }) => ({
    subject: 'Acepte los términos para recibir referidos',
    paragraphs: [
      hello(firstName),
      `Para que se le puedan ofrecer referidos del año del plan ${planYear}, inicie sesión con el usuario y la contraseña que ya tiene, lea y acepte:`,
      missing.map((kind) => names.terms[kind]),
      'No hay que repetir nada más. No recibirá otro correo de registro.',
    ],
    action: { label: 'Iniciar sesión y aceptar', url: loginUrl },
    footer: agentFooter,
  }),
  suspended: ({ firstName, planYear, causes, unmet, loginUrl }) => ({
    subject: 'Por ahora no recibe referidos',
    paragraphs: [
      hello(firstName),
      `Falta algo que Help On Demand necesita para el año del plan ${planYear}; por eso, por ahora no se le ofrecen referidos:`,
      [
        ...unmet.map(unmetLine),
        ...causes
          .filter((cause) => !(cause in conditions) && cause !== 'license-not-found')
          .map((cause) => `${capital(onboarding.onboardingCause[cause])}. Escriba al centro de ayuda.`),
      ],
      'No se pierde nada más. Cuando esto se resuelva y los registros nos lo confirmen, volverá a recibir referidos sin hacer nada.',
    ],
    action: { label: 'Ver su lista de requisitos', url: loginUrl },
    footer: agentFooter,
  }),
  'states-changed': ({ firstName, planYear, lost, gained, loginUrl }) => ({
    subject:
      lost.length > 0
        ? `Por ahora no hay referidos de ${list(lost)}`
        : `Vuelve a haber referidos de ${list(gained)}`,
    paragraphs: [
      hello(firstName),
      ...(lost.length > 0
        ? [
            `Ya no nos consta una licencia suya activa con una línea de autoridad de salud para ${list(lost)}, así que para el año del plan ${planYear} no se le ofrecen referidos de allí. Los demás estados no cambian.`,
            `Si no es correcto, revise sus datos: ${contacts.nipr} Cuando la licencia vuelva a estar activa, recibirá referidos de allí sin hacer nada.`,
          ]
        : []),
      ...(gained.length > 0
        ? [`Su licencia para ${list(gained)} está en orden, así que se le pueden ofrecer referidos de allí.`]
        : []),
    ],
    action: { label: 'Ver su lista de requisitos', url: loginUrl },
    footer: agentFooter,
  }),
  'ending-soon': ({ firstName, planYear, endings, loginUrl }) => ({
    subject: 'Pronto termina algo de lo que dependen sus referidos',
    paragraphs: [
      hello(firstName),
      `Se le ofrecen referidos para el año del plan ${planYear}. Dependen de esto, que termina pronto:`,
      endings.map(endingLine),
      `Renueve la licencia con su estado, y el registro en ${contacts.cmsPortal}, y nada cambia. Si no, los referidos que dependen de ello terminan después de ese día.`,
    ],
    action: { label: 'Ver su lista de requisitos', url: loginUrl },
    footer: agentFooter,
  }),
  'address-changed': ({ firstName }) => ({
    subject: 'Su correo electrónico para Help On Demand ha cambiado',
    paragraphs: [
      hello(firstName),
      'Su perfil de MLMS tiene ahora otra dirección, y desde hoy nuestros correos van a ella. Este mensaje se envía una vez a la dirección anterior y a la nueva.',
      `Si usted no la cambió, inicie sesión en ${contacts.cmsPortal}, corríjala y escriba al centro de ayuda.`,
    ],
    footer: agentFooter,
  }),
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

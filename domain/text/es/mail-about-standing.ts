import { marketplaceDateAt } from '../../time/marketplace-calendar.ts';
import { helpContacts } from '../help-contacts.ts';
import { linked, type MailLine, mailLink, webLink } from '../linked.ts';
import { capitalized } from '../locale-format.ts';
import type {
  MailSentences,
  MetCondition,
  StoredExpiration,
  StoredStateRecord,
  UnmetCondition,
} from '../notice-data.ts';
import { conditionSentences, unmetReasonSentences } from './conditions.ts';
import { agentFooter, hello } from './mail-parts.ts';
import { names } from './names.ts';
import { onboardingSentences } from './onboarding.ts';
import { profileSentences } from './profile.ts';
import { dayInFull, list } from './times.ts';

/** An unmet condition, what to do about it, and our record of it. */
export const unmetLine = ({ name: condition, because, evidence, asOf }: UnmetCondition): MailLine => {
  const { name, remedy, url } = conditionSentences[condition];
  const said = `${name}: ${because ? unmetReasonSentences[because] : remedy}${ofRecord(asOf, evidence)}`;
  return url ? linked`${said} ${webLink(url)}` : said;
};

/** Value and date of a record; empty if there is none. */
const ofRecord = (asOf: string | null, evidence: string | null = null): string =>
  asOf
    ? ` Nuestro registro ${evidence ? 'del' : 'es del'} ${dayInFull(marketplaceDateAt(new Date(asOf)))}${evidence ? ` dice “${evidence}”` : ''}.`
    : '';

/** A condition that is met again, and our record of it. */
export const restoredLine = ({ name: condition, evidence, asOf }: MetCondition): string =>
  `${conditionSentences[condition].name}.${ofRecord(asOf, evidence)}`;

const expirationLine = ({ subject, endsOn, asOf = null }: StoredExpiration): string =>
  `${
    subject === 'registration'
      ? `Su registro individual en el Mercado termina el ${dayInFull(endsOn)}.`
      : `Su licencia en ${subject} termina el ${dayInFull(endsOn)}.`
  }${ofRecord(asOf)}`;

const stateLine = ({ state, because, asOf }: StoredStateRecord): string =>
  `${state}: ${because ? profileSentences.stateObstacle[because] : 'Su licencia está en orden.'}${ofRecord(asOf)}`;

export const mailAboutStanding: Pick<
  MailSentences,
  | 'invitation-late'
  | 'terms-needed'
  | 'suspended'
  | 'held'
  | 'released'
  | 'states-changed'
  | 'expiring-soon'
  | 'address-changed'
> = {
  'invitation-late': ({ firstName, planYear, unmet, newToMarketplace, isRegistered, loginUrl }) => ({
    subject: isRegistered
      ? `Qué falta todavía para el año del plan ${planYear}`
      : 'Por qué aún no ha llegado su invitación a Help On Demand',
    paragraphs: [
      hello(firstName),
      isRegistered
        ? `Usted completó la capacitación para el año del plan ${planYear}, y suele quedar activo en unos dos días hábiles. Aún no lo está porque falta esto:`
        : `Usted completó la capacitación para el año del plan ${planYear}, y la invitación a Help On Demand suele llegar en unos dos días hábiles. Aún no se envió porque falta esto:`,
      unmet.map(unmetLine),
      ...(newToMarketplace
        ? ['Usted es nuevo en el Mercado: verificar con NIPR sus licencias estatales puede tardar más.']
        : []),
      isRegistered
        ? 'No hace falta que nos escriba cuando esté resuelto ni que se registre otra vez: quedará activo en cuanto los registros nos lo confirmen. Conserva su usuario y su contraseña.'
        : 'No hace falta que nos escriba cuando esté resuelto: la invitación se envía sola en cuanto los registros nos lo confirmen.',
    ],
    ...(isRegistered ? { action: { label: 'Ver su lista de requisitos', url: loginUrl } } : {}),
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
  suspended: ({ firstName, planYear, causes, unmet, carriesOn, loginUrl }) => ({
    subject: carriesOn ? `Falta algo para el año del plan ${planYear}` : 'Por ahora no recibe referidos',
    paragraphs: [
      hello(firstName),
      carriesOn
        ? `Falta algo que Help On Demand necesita para el año del plan ${planYear}. Para el año del plan ${carriesOn} usted está activo, y se le siguen ofreciendo referidos.`
        : `Falta algo que Help On Demand necesita para el año del plan ${planYear}; por eso, por ahora no se le ofrecen referidos:`,
      [
        ...unmet.map(unmetLine),
        ...causes
          .filter((cause) => !(cause in conditionSentences) && cause !== 'license-not-found')
          .map(
            (cause) =>
              `${capitalized(onboardingSentences.onboardingCause[cause])}. Escriba al centro de ayuda.`,
          ),
      ],
      carriesOn
        ? 'No se pierde nada más. Cuando esto se resuelva y los registros nos lo confirmen, volverá a estar activo para los dos años.'
        : 'No se pierde nada más. Cuando esto se resuelva y los registros nos lo confirmen, volverá a recibir referidos sin hacer nada.',
    ],
    action: { label: 'Ver su lista de requisitos', url: loginUrl },
    footer: agentFooter,
  }),
  held: ({ firstName, loginUrl }) => ({
    subject: 'Su cuenta de Help On Demand está en pausa',
    paragraphs: [
      hello(firstName),
      'Nuestro equipo de operaciones puso su cuenta en pausa. Mientras dure la pausa no se le ofrecen referidos, y a los consumidores que usted atendía les buscamos otro agente. Por favor, no se comunique con ellos.',
      linked`Esto no tiene que ver con su registro, su capacitación ni sus licencias, así que allí no hay nada que corregir. Para saber el motivo, o para pedir que se revise, escriba al centro de ayuda: ${mailLink(helpContacts.helpDesk)}`,
      'Le escribiremos cuando termine la pausa.',
    ],
    action: { label: 'Ver su lista de requisitos', url: loginUrl },
    footer: agentFooter,
  }),
  released: ({ firstName, missing, loginUrl }) => ({
    subject: missing.length > 0 ? 'Terminó su pausa: acepte los términos' : 'Terminó su pausa',
    paragraphs: [
      hello(firstName),
      ...(missing.length > 0
        ? [
            'Nuestro equipo de operaciones terminó la pausa de su cuenta. Antes de que se le vuelvan a ofrecer referidos, inicie sesión, lea y acepte:',
            missing.map((kind) => names.terms[kind]),
          ]
        : [
            'Nuestro equipo de operaciones terminó la pausa de su cuenta, y desde ahora se le pueden ofrecer referidos de nuevo.',
            'Revise si su información de contacto, sus idiomas y sus estados siguen siendo correctos.',
          ]),
    ],
    action:
      missing.length > 0
        ? { label: 'Iniciar sesión y aceptar', url: loginUrl }
        : { label: 'Abrir su bandeja', url: loginUrl },
    footer: agentFooter,
  }),
  'states-changed': ({ firstName, planYear, lost, gained, records, loginUrl }) => ({
    subject:
      lost.length > 0
        ? `Por ahora no hay referidos de ${list(lost)}`
        : `Vuelve a haber referidos de ${list(gained)}`,
    paragraphs: [
      hello(firstName),
      ...(lost.length > 0
        ? [
            `Ya no nos consta una licencia suya activa con una línea de autoridad de salud para ${list(lost)}, así que para el año del plan ${planYear} no se le ofrecen referidos de allí. Los demás estados no cambian.`,
            linked`Si no es correcto, revise sus datos en ${webLink(helpContacts.nipr)}. Cuando la licencia vuelva a estar activa, recibirá referidos de allí sin hacer nada.`,
          ]
        : []),
      ...(gained.length > 0
        ? [`Su licencia para ${list(gained)} está en orden, así que se le pueden ofrecer referidos de allí.`]
        : []),
      ...(records.length > 0 ? ['Lo que nos consta:', records.map(stateLine)] : []),
    ],
    action: { label: 'Ver su lista de requisitos', url: loginUrl },
    footer: agentFooter,
  }),
  'expiring-soon': ({ firstName, planYear, expirations, loginUrl }) => ({
    subject: 'Pronto termina algo de lo que dependen sus referidos',
    paragraphs: [
      hello(firstName),
      `Se le ofrecen referidos para el año del plan ${planYear}. Dependen de esto, que termina pronto:`,
      expirations.map(expirationLine),
      linked`Renueve la licencia con su estado, y el registro en ${webLink(helpContacts.cmsPortal)}, y nada cambia. Si no, los referidos que dependen de ello terminan después de ese día.`,
    ],
    action: { label: 'Ver su lista de requisitos', url: loginUrl },
    footer: agentFooter,
  }),
  'address-changed': ({ firstName }) => ({
    subject: 'Su correo electrónico para Help On Demand ha cambiado',
    paragraphs: [
      hello(firstName),
      'Su perfil de MLMS tiene ahora otra dirección, y desde hoy nuestros correos van a ella. Este mensaje se envía una vez a la dirección anterior y a la nueva.',
      linked`Si usted no la cambió, inicie sesión en ${webLink(helpContacts.cmsPortal)}, corríjala y escriba al centro de ayuda.`,
    ],
    footer: agentFooter,
  }),
};

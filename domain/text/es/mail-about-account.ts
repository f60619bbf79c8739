import type { CredentialChange } from '../../accounts/credentials.ts';
import { helpContacts } from '../help-contacts.ts';
import { linked, mailLink } from '../linked.ts';
import type { MailSentences } from '../notice-data.ts';
import { agentFooter, hello } from './mail-parts.ts';
import { atInFull } from './times.ts';

/** What changed: the subject of the mail, and its first sentence before the time. */
const changed: Readonly<Record<CredentialChange, string>> = {
  'password-changed': 'Se cambió la contraseña de su cuenta de Help On Demand',
  'password-reset': 'Se creó una contraseña nueva para su cuenta de Help On Demand',
  'passkey-added': 'Se agregó una llave de acceso a su cuenta de Help On Demand',
  'passkey-removed': 'Se quitó una llave de acceso de su cuenta de Help On Demand',
  'authenticator-added': 'Se agregó una aplicación de autenticación a su cuenta de Help On Demand',
  'authenticator-removed': 'Se quitó la aplicación de autenticación de su cuenta de Help On Demand',
  'recovery-codes-replaced': 'Se reemplazaron los códigos de recuperación de su cuenta de Help On Demand',
  'factors-reset':
    'Se quitaron de su cuenta de Help On Demand todas las llaves de acceso, la aplicación de autenticación y los códigos de recuperación',
};

const phoneChanged = 'Se cambió el teléfono de su cuenta de Help On Demand';

/** What to do if it was somebody else. */
const ifNotYou =
  'Si no fue usted, puede que otra persona haya entrado en su cuenta. Cree una contraseña nueva de inmediato: así se cierran todas las sesiones.';
const helpDesk = linked`Si no fue usted, escriba también al centro de ayuda: ${mailLink(helpContacts.helpDesk)}`;
const setPassword = (url: string) => ({ label: 'Crear una contraseña nueva', url });

export const mailAboutAccount: Pick<
  MailSentences,
  'password-reset' | 'credentials-changed' | 'codes-refused' | 'phone-changed'
> = {
  'password-reset': ({ firstName, expiresAt, resetUrl }, when) => ({
    subject: 'Cree una contraseña nueva para Help On Demand',
    paragraphs: [
      hello(firstName),
      'Alguien que conoce su nombre de usuario, muy probablemente usted, pidió crear una contraseña nueva. Solo enviamos el enlace al correo electrónico de su perfil de MLMS.',
      `El enlace sirve una sola vez, hasta ${atInFull(expiresAt, when)}. Uno más nuevo lo reemplaza. Por favor, no lo reenvíe.`,
    ],
    action: { label: 'Crear una contraseña nueva', url: resetUrl },
    afterAction: [
      '¿No lo pidió usted? Entonces no tiene que hacer nada: su contraseña sigue igual y nadie más recibió este enlace.',
    ],
    footer: agentFooter,
  }),
  'credentials-changed': ({ firstName, change, changedAt, forgotUrl }, when) => ({
    subject: changed[change],
    paragraphs: [
      hello(firstName),
      `${changed[change]} ${atInFull(changedAt, when)}. Si fue usted, no tiene que hacer nada.`,
      ifNotYou,
    ],
    action: setPassword(forgotUrl),
    afterAction: [helpDesk],
    footer: agentFooter,
  }),
  'codes-refused': ({ firstName, changedAt, forgotUrl }, when) => ({
    subject: 'Demasiados códigos incorrectos en su cuenta de Help On Demand',
    paragraphs: [
      hello(firstName),
      `Alguien escribió su contraseña y demasiados códigos incorrectos, el último ${atInFull(changedAt, when)}. En dispositivos que usted no ha usado antes, no aceptamos códigos de su aplicación durante un día.`,
      'Si fue usted: inicie sesión en un dispositivo que ya haya usado, con una llave de acceso o con un código de recuperación.',
      'Si no fue usted, otra persona conoce su contraseña. Cree una nueva de inmediato.',
    ],
    action: setPassword(forgotUrl),
    afterAction: [helpDesk],
    footer: agentFooter,
  }),
  'phone-changed': ({ firstName, changedAt, forgotUrl }, when) => ({
    subject: phoneChanged,
    paragraphs: [
      hello(firstName),
      `${phoneChanged} ${atInFull(changedAt, when)}. Si fue usted, solo falta confirmar el nuevo.`,
      ifNotYou,
    ],
    action: setPassword(forgotUrl),
    afterAction: [helpDesk],
    footer: agentFooter,
  }),
};

import { adverbOf } from '../../../../domain/text/es/times.ts';
import type { register as english } from '../en/register.ts';
import { phoneFaultWords } from './phone-faults.ts';

export const register: typeof english = {
  title: 'Regístrese en Help On Demand',
  lead: (planYear) => `Le invitamos a participar en el año del plan ${planYear}.`,
  linkEnds: (at) => `Su enlace es válido hasta ${at}.`,
  identity: {
    heading: 'De su perfil de MLMS',
    firstName: 'Nombre',
    lastName: 'Apellido',
    email: 'Correo electrónico',
    synced: (at) =>
      `De su perfil en el sistema de aprendizaje del Mercado (MLMS), sincronizado por última vez ${adverbOf(at)}.`,
    note: 'Para cambiar su nombre o su correo, inicie sesión en su cuenta de MLMS en el portal de CMS:',
  },
  steps: {
    label: 'Pasos hasta su primer referido',
    of: (number, all) => `Paso ${number} de ${all}`,
    done: 'Hecho:',
    account: 'Elija cómo iniciar sesión',
    contact: 'Cómo nos comunicamos con usted',
    code: 'Confirmar el teléfono',
    terms: 'Aceptar los términos',
  },
  username: {
    label: 'Nombre de usuario',
    hint: 'De 3 a 64 letras, números o . _ - +; no importa si usa mayúsculas o minúsculas. No puede ser su NPN ni un correo electrónico.',
    missing: 'Escriba un nombre de usuario.',
    invalid:
      'Escriba un nombre de usuario de 3 a 64 letras, números o . _ - +, que empiece con una letra o un número. No puede ser su NPN, un correo o una dirección de internet, ni un nombre como admin o support.',
    codes: {
      taken: 'Este nombre de usuario ya está en uso. Elija otro.',
      'same-as-npn': 'Un nombre de usuario no puede ser su NPN.',
      'like-an-address':
        'Un nombre de usuario no puede ser un correo electrónico ni una dirección de internet.',
      reserved: 'Este nombre está reservado para los operadores del servicio. Elija otro.',
    },
  },
  password: {
    label: 'Contraseña',
    missing: 'Escriba una contraseña.',
    invalid: 'Escriba una contraseña que cumpla todas las reglas de abajo.',
    rules: 'Su contraseña:',
    met: 'Hecho:',
    broken: 'Falta:',
    common: 'Tampoco se aceptan contraseñas comunes ni nuestro nombre, aunque lleven @ por a o 0 por o.',
    count: (met, all) => `Se cumplen ${met} de ${all} reglas de la contraseña.`,
  },
  phone: {
    label: 'Número de celular',
    hint: 'Un celular, no una línea fija: allí llegan los mensajes de texto. Por ejemplo 801-555-0123.',
    missing: 'Escriba su número de celular.',
    invalid: 'Escriba un teléfono de los EE. UU. de 10 dígitos, por ejemplo 801-555-0123.',
    codes: {
      ...phoneFaultWords,
      landline: 'Este es un teléfono fijo; los mensajes de texto necesitan un celular.',
      'no-texts': 'A este número no llegan mensajes de texto. Escriba un número de celular.',
      'no-number': 'Este número de teléfono no existe. Por favor, revíselo.',
    },
  },
  contactPreference: {
    label: 'Método de contacto preferido',
    hint: 'Así le avisamos de un referido nuevo.',
    missing: 'Elija cómo le avisamos de un referido nuevo.',
    invalid: 'Elija cómo le avisamos de un referido nuevo.',
  },
  zip: {
    label: 'Código postal (ZIP)',
    hint: 'El del lugar donde trabaja, de 5 dígitos.',
    missing: 'Escriba su código postal.',
    invalid: 'Escriba un código postal de 5 dígitos.',
    codes: { 'unknown-zip': 'No conocemos este código postal. Por favor, revíselo.' },
  },
  terms: {
    label: (name) => `He leído los ${name} y los acepto.`,
    missing: 'Lea los Términos de uso de Help On Demand y acéptelos para registrarse.',
    invalid: 'Hay una versión más reciente de los Términos de uso. Por favor, léala y acéptela.',
  },
  next: 'Continuar',
  back: 'Volver',
  submit: 'Registrarse',
  submitting: 'Registrando…',
  dead: {
    title: 'Este enlace no se puede usar',
    expired: (at) =>
      `El enlace venció${at === undefined ? '' : ` ${adverbOf(at)}`}. Un enlace es válido por un tiempo limitado para que nadie más lo pueda usar.`,
    unknown: 'El enlace no es válido, ya se usó o se reemplazó por uno más reciente.',
    missing:
      'A la dirección de esta página le falta el final de su enlace. Puede que un programa de correo o un filtro lo haya cortado.',
    byNpn: {
      lead: 'Escriba su NPN y enviaremos otra vez la invitación al correo electrónico de su perfil de MLMS.',
      submit: 'Enviar mi invitación otra vez',
      sent: 'Si hay una invitación para este NPN, va en camino al correo electrónico de su perfil de MLMS. Si no la hay, un correo allí dice cómo va su registro. Revise también la carpeta de correo no deseado.',
    },
    registered: 'Si ya se registró,',
    logIn: 'inicie sesión',
    renew: 'Envíenme un enlace nuevo',
    renewed:
      'Si este enlace era de una invitación que sigue abierta, un enlace nuevo va en camino al correo electrónico de su perfil de MLMS. Revise también la carpeta de correo no deseado.',
    helpDesk: '¿No llega un correo en unos minutos? Escriba al centro de ayuda:',
  },
  ineligible: {
    title: 'Por ahora no puede registrarse',
    text: 'En este momento no se cumplen todos los requisitos para participar. Su enlace vuelve a servir en cuanto se cumplan; el centro de ayuda puede decirle más:',
  },
  done: {
    title: 'Su registro está casi completo',
    text: 'Su cuenta está lista. Inicie sesión, y lea y acepte los Términos de uso para agentes y corredores de Help On Demand. Hasta entonces no recibirá referidos.',
    mail: 'Le enviamos un correo que confirma su acceso. Guárdelo: tiene el enlace para iniciar sesión.',
    code: 'También enviamos un código de 6 dígitos a su teléfono. Inicie sesión para escribirlo. Puede pedir uno nuevo en cualquier momento.',
    logIn: 'Iniciar sesión',
  },
};

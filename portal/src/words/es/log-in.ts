import type { logIn as english, logInHelp as englishHelp } from '../en/log-in.ts';

export const logIn: typeof english = {
  title: 'Iniciar sesión',
  lead: 'Para agentes y corredores registrados, y para el personal de Help On Demand.',
  username: {
    label: 'Nombre de usuario',
    missing: 'Escriba su nombre de usuario.',
    invalid: 'Escriba su nombre de usuario.',
  },
  password: {
    label: 'Contraseña',
    missing: 'Escriba su contraseña.',
    invalid: 'Escriba su contraseña.',
  },
  code: {
    label: 'Código',
    hint: 'Los 6 dígitos que su aplicación de autenticación muestra ahora, o un código de recuperación.',
    missing: 'Escriba el código de su aplicación de autenticación.',
    invalid: 'Un código tiene 6 dígitos; uno de recuperación tiene 26 letras y dígitos.',
    wrong: 'El código es incorrecto o ya se usó.',
  },
  passkeyOnly: 'La contraseña es correcta. Esta cuenta también necesita su llave de acceso: úsela abajo.',
  passkey: {
    use: 'Usar una llave de acceso',
    using: 'Esperando a su dispositivo…',
    unfinished: 'Su dispositivo no terminó. Puede intentarlo de nuevo.',
    refused: 'No se aceptó la llave de acceso. Puede que se haya quitado de la cuenta.',
  },
  submit: 'Iniciar sesión',
  submitting: 'Iniciando sesión…',
  failed: 'El nombre de usuario o la contraseña es incorrecta.',
  first: 'Inicie sesión para ver esta página.',
  typed: 'Lo que escribió se conserva en esta pestaña. Todavía no está guardado.',
  trouble: {
    heading: '¿Problemas para iniciar sesión?',
    password: '¿Olvidó su contraseña?',
    username: '¿Olvidó su nombre de usuario o nunca le llegó una invitación?',
    staff: 'Personal: un administrador abre su cuenta y le crea una contraseña nueva.',
    factor:
      '¿Perdió su teléfono o su llave de acceso? Use un código de recuperación en lugar del código de la aplicación, o escriba a',
    consumer: '¿Busca ayuda con la cobertura médica? Pida ayuda aquí.',
  },
};

export const logInHelp: typeof englishHelp = {
  title: 'Ayuda para iniciar sesión',
  lead: 'Escriba su NPN y elija lo que necesita. La respuesta va al correo electrónico de su perfil de MLMS y a nadie más.',
  npn: {
    label: 'Número nacional de productor (NPN)',
    missing: 'Escriba su NPN.',
    invalid: 'Un NPN tiene de 1 a 10 dígitos.',
  },
  asks: {
    label: '¿Qué necesita?',
    missing: 'Elija lo que necesita.',
    invalid: 'Elija lo que necesita.',
    username: 'Mi nombre de usuario y dónde iniciar sesión',
    status: 'Por qué no tengo invitación, o cómo va mi registro',
  },
  submit: 'Envíenme un correo',
  submitting: 'Enviando…',
  sent: {
    title: 'Revise su correo',
    text: 'Si conocemos este NPN, enviamos un correo a la dirección de su perfil en el sistema de aprendizaje del Mercado (MLMS).',
    spam: '¿No llega en unos minutos? Revise la carpeta de correo no deseado. Enviamos solo unos pocos de estos correos al día por NPN.',
    helpDesk: '¿Sigue sin llegar? Escriba al centro de ayuda:',
  },
};

import { adverbOf } from '../../../../domain/text/es/times.ts';
import type { passwords as english } from '../en/passwords.ts';

export const passwords: typeof english = {
  forgot: {
    title: 'Crear una contraseña nueva',
    lead: 'Escriba su nombre de usuario y enviaremos un enlace al correo electrónico de su perfil de MLMS y a nadie más.',
    username: {
      label: 'Nombre de usuario',
      missing: 'Escriba su nombre de usuario.',
      invalid: 'Escriba su nombre de usuario.',
    },
    submit: 'Envíenme un enlace',
    submitting: 'Enviando…',
    forgotUsername: '¿Olvidó también su nombre de usuario?',
    sent: {
      title: 'Revise su correo',
      text: 'Si este es el nombre de usuario de un agente, un correo con un enlace va en camino a la dirección de su perfil de MLMS. El enlace es válido por poco tiempo y sirve una sola vez.',
      spam: '¿No llega en unos minutos? Revise la carpeta de correo no deseado. Enviamos solo unos pocos de estos correos al día.',
      helpDesk: '¿Sigue sin llegar? Escriba al centro de ayuda:',
    },
    operations:
      'Las cuentas del equipo de operaciones no reciben este enlace: otra persona del equipo les crea una contraseña nueva.',
  },
  reset: {
    title: 'Crear una contraseña nueva',
    lead: (username, until) =>
      `Para la cuenta ${username}. El enlace es válido hasta ${until} y sirve una sola vez.`,
    submit: 'Guardar la contraseña nueva',
    submitting: 'Guardando…',
    done: {
      title: 'Su contraseña nueva está lista',
      text: 'Se cerró la sesión en todas partes. Inicie sesión con la contraseña nueva.',
      logIn: 'Iniciar sesión',
    },
    dead: {
      title: 'Este enlace no se puede usar',
      expired: (at) =>
        `El enlace venció${at === undefined ? '' : ` ${adverbOf(at)}`}. Es válido por poco tiempo para que nadie más lo pueda usar.`,
      unknown:
        'El enlace ya se usó, se reemplazó por uno más reciente o no es válido. Si acaba de crear una contraseña nueva, inicie sesión con ella.',
      missing:
        'A la dirección de esta página le falta el final de su enlace. Puede que un programa de correo o un filtro lo haya cortado.',
      again: 'Envíenme un enlace nuevo',
    },
  },
  change: {
    title: 'Cambiar su contraseña',
    mustReplace:
      'Su contraseña la generó el sistema y otra persona la ha visto. Elija una propia; después se abre la cuenta.',
    goOn: 'Continuar',
    lead: 'Su sesión sigue abierta aquí y se cierra en todas las demás partes.',
    submit: 'Cambiar la contraseña',
    submitting: 'Cambiando…',
    done: 'Su contraseña quedó cambiada.',
    link: 'Cambiar su contraseña',
  },
  visibility: {
    show: 'Mostrar la contraseña',
    hide: 'Ocultar la contraseña',
    shown: 'Su contraseña está a la vista.',
    hidden: 'Su contraseña está oculta.',
  },
  password: {
    label: 'Contraseña nueva',
    missing: 'Escriba una contraseña nueva.',
    invalid: 'Escriba una contraseña que cumpla todas las reglas de abajo.',
  },
};

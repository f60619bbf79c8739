import type { phone as english } from '../en/phone.ts';

export const phone: typeof english = {
  heading: 'Confirme su teléfono',
  sent: (number, until) =>
    `Enviamos un mensaje de texto con un código de 6 dígitos al ${number}. Es válido hasta ${until}.`,
  unsent: (number) => `Enviamos un mensaje de texto con un código de 6 dígitos al ${number}.`,
  why: {
    needed: 'Hasta que confirme el teléfono, no recibe otros mensajes de texto.',
    asked: 'Cuando lo escriba, sabremos que los mensajes sobre referidos le llegan.',
  },
  code: {
    label: 'Código',
    missing: 'Escriba el código del mensaje.',
    invalid: 'Un código tiene 6 dígitos.',
  },
  wrong: (attemptsLeft) =>
    attemptsLeft === 0
      ? 'Este no es el código que enviamos. Pida uno nuevo.'
      : `Este no es el código que enviamos. Puede intentarlo ${attemptsLeft} ${attemptsLeft === 1 ? 'vez' : 'veces'} más.`,
  confirm: 'Confirmar',
  confirming: 'Confirmando…',
  send: 'Enviar un código',
  resend: 'Enviar un código nuevo',
  sending: 'Enviando…',
  confirmed: 'Su teléfono está confirmado.',
  textless: {
    heading: 'Su teléfono no recibe mensajes de texto',
    text: (number) =>
      `Los mensajes de texto no llegan al ${number}. Ponga un número de celular en su perfil para recibir referidos por mensaje de texto.`,
  },
};

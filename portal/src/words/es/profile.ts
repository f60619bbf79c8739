import type { profile as english } from '../en/profile.ts';

export const profile: typeof english = {
  title: 'Su perfil',
  reviewTitle: 'No olvide revisar su perfil',
  review:
    'Aceptó todos los términos y se le pueden ofrecer referidos. Revise los datos de abajo: deciden qué referidos le llegan, y cómo.',
  confirm: 'Es correcto',
  save: 'Guardar',
  saving: 'Guardando…',
  saved: 'Su perfil quedó guardado.',
  referrals: 'Qué referidos recibe',
  languages: {
    label: 'Idiomas que habla',
    missing: 'Elija los idiomas que habla.',
    invalid: 'Elija idiomas de esta lista.',
  },
  states: {
    label: 'Estados de los que quiere recibir referidos',
    hint: 'Puede elegir los estados de HealthCare.gov en los que tiene licencia.',
    missing: 'Elija estados.',
    invalid: 'Elija estados de esta lista.',
    notServed: (why) => `Por ahora sin referidos. ${why}`,
    none: 'Por ahora no hay ningún estado que pueda elegir.',
    others: (count) =>
      count === 1
        ? 'Un estado más, y por qué no lo puede elegir'
        : `${count} estados más, y por qué no los puede elegir`,
  },
  messageLanguage: {
    label: 'Idioma de nuestros correos y mensajes',
    hint: 'Los términos siguen en inglés.',
    missing: 'Elija un idioma.',
    invalid: 'Elija un idioma.',
  },
  timeZone: (zone) => `Su zona horaria, según su código postal: ${zone}.`,
  noOffers: 'Con este perfil no recibe ofertas',
  noOffersReason: {
    'no-language': 'No eligió ningún idioma.',
    'no-state': 'No eligió ningún estado en el que tenga licencia.',
  },
  left: {
    heading: 'Usted dejó Help On Demand',
    text: 'Ya no recibe referidos. Todavía puede iniciar sesión y leer. Si se capacita para un año del plan posterior, puede participar de nuevo.',
  },
  leave: {
    heading: {
      ask: 'Dejar Help On Demand',
      confirm: '¿Quiere dejarlo?',
      left: 'Usted dejó Help On Demand',
    },
    text: 'Ya no recibirá referidos, y una oferta que espera su respuesta pasará a otro agente.',
    left: 'Ya no recibe referidos. Todavía puede iniciar sesión y leer. Si se capacita para un año del plan posterior, puede participar de nuevo.',
    ask: 'Dejar Help On Demand…',
    confirmText:
      'Desde ahora no recibirá más referidos. Solo puede volver si completa la capacitación para un año del plan posterior.',
    reason: '¿Por qué lo deja? (opcional)',
    yes: 'Sí, dejarlo',
    leaving: 'Un momento…',
    no: 'No, quedarme',
  },
};

import type { app as english } from '../en/app.ts';

export const app: typeof english = {
  install: {
    heading: 'Help On Demand como aplicación',
    lead: 'Así un referido nuevo aparece en la pantalla de bloqueo, y lo responde allí con un toque.',
    ask: 'Instalar la aplicación',
    later: 'No tiene que hacerlo ahora: su perfil se lo ofrece de nuevo.',
    steps: [
      'Cuando se haya registrado, abra este sitio en Safari en su iPhone o iPad.',
      'Toque Compartir, el cuadrado con una flecha.',
      'Toque Agregar a inicio y después Agregar.',
      'Abra Help On Demand desde su pantalla de inicio e inicie sesión allí.',
      'En el perfil, active las notificaciones.',
    ],
  },
  devices: {
    heading: 'Notificaciones de la aplicación',
    lead: 'Dispositivos en los que un referido nuevo aparece enseguida. Al cerrar sesión se desactivan en ese dispositivo hasta que inicie sesión allí de nuevo.',
    caption: 'Dispositivos que reciben notificaciones',
    device: 'Dispositivo',
    last: 'Última notificación',
    state: 'Estado',
    sound: 'Sonido',
    action: 'Acción',
    works: 'Funciona',
    gone: 'Allí están desactivadas',
    never: 'Ninguna todavía',
    current: (name) => `${name} (este dispositivo)`,
    on: 'Con sonido y vibración',
    off: 'En silencio',
    mute: 'Desactivar el sonido',
    unmute: 'Activar el sonido',
    remove: 'Quitar',
    removed: 'Este dispositivo ya no recibe notificaciones.',
    none: 'Ningún dispositivo suyo recibe notificaciones todavía.',
    why: 'Después su dispositivo pregunta si Help On Demand puede enviar notificaciones. Solo las enviamos por referidos, por sus pruebas y cuando no podemos comunicarnos con usted de otra manera.',
    turnOn: 'Activar las notificaciones aquí',
    turningOn: 'Esperando a su dispositivo…',
    turnedOn: 'Este dispositivo ya recibe notificaciones. Envíese una prueba para ver una.',
    refused:
      'Su dispositivo no permite nuestras notificaciones. Puede permitirlas en sus ajustes e intentarlo de nuevo.',
    failed: 'Este navegador no pudo activar las notificaciones. Inténtelo de nuevo, o use otro navegador.',
    blocked:
      'Este navegador bloquea nuestras notificaciones. Permítalas en sus ajustes para este sitio y cargue esta página de nuevo.',
    impossible: 'Este navegador no puede mostrar nuestras notificaciones.',
    homeScreen:
      'En un iPhone o iPad las notificaciones solo llegan a la aplicación: primero agréguela a su pantalla de inicio.',
    notChosen:
      'Su método de contacto preferido no incluye las notificaciones de la aplicación. Elija arriba uno que las incluya.',
    test: 'Enviarme una prueba',
    testSent: 'Una prueba va en camino a todos sus dispositivos.',
  },
};

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { Router } from 'express';

const initializer = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
});
`;

/** Serves the documentation page (Swagger UI) at `/docs`. All of it is served from here, without inline scripts. */
export function docsRouter(): Router {
  const router = Router();
  // resolve the folder alone: the package's main module would load all of Swagger UI into this process
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.get('/docs/swagger-initializer.js', (_request, response) => {
    response.type('text/javascript').set('Cache-Control', 'no-cache').send(initializer);
  });
  router.use('/docs', express.static(folder, { maxAge: '1h' }));
  return router;
}

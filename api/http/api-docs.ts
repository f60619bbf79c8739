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

/** The documentation page, from this machine alone: nothing is fetched from elsewhere and no script is inline. */
export function docsRouter(): Router {
  const router = Router();
  // the package's own entry would load the whole page's code into this process
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.get('/docs/swagger-initializer.js', (_request, response) => {
    response.type('text/javascript').set('Cache-Control', 'no-cache').send(initializer);
  });
  router.use('/docs', express.static(folder, { maxAge: '1h' }));
  return router;
}

import { fileURLToPath } from 'node:url';
import { Router } from 'express';
import type { OpenApiDocument } from '../openapi.ts';
import { renderDocs } from './docs/docs-page.ts';

const files = fileURLToPath(new URL('docs', import.meta.url));

/** Serves the documentation of the API at `/docs`, a page without scripts. It is rendered at the first request. */
export function docsRouter(describe: () => OpenApiDocument): Router {
  const router = Router();
  let page: string | undefined;
  router.get('/docs', (_request, response) => {
    page ??= renderDocs(describe());
    response.set('Cache-Control', 'no-cache').type('text/html').send(page);
  });
  router.get('/docs/style.css', (_request, response) => {
    response.sendFile('style.css', { root: files, maxAge: '1h' });
  });
  return router;
}

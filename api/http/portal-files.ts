import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import express, { type RequestHandler, type Response, Router } from 'express';
import { portalBuildHeader } from '../schemas/portal-build.ts';
import { classifyPath, documentOf, documents, isApiPath } from './page-paths.ts';

/**
 * Serves the built portal: its files, and a document for every path of a page (`documentOf`). File names in `assets/` contain a hash
 * of the content and are cached for a year, and the build has compressed them; all other files are revalidated. A missing file is answered 404 and never
 * with a document: a browser would run the HTML as a script, and a password manager would take a 200 at a well-known
 * path as support for that feature.
 */
export function portalRouter(folder: string): Router {
  const router = Router();
  const assets = join(folder, 'assets');
  router.use(
    '/assets',
    serveCompressed(assets),
    express.static(assets, { ...cachedForever, fallthrough: false }),
  );
  const files = express.static(folder, {
    index: false,
    redirect: false,
    cacheControl: false,
    setHeaders: setNoCache,
  });
  router.use((request, response, next) =>
    documents.includes(request.path.slice(1)) ? next() : files(request, response, next),
  );
  router.use(serveDocument(folder));
  return router;
}

/** Names the build of the pages in every answer, so that a page of an earlier one learns that it is out of date. */
export function namePortalBuild(folder: string): RequestHandler {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const [, build] = /<meta name="build" content="([\da-f]+)"/.exec(page) ?? [];
  return (_request, response, next) => {
    if (build !== undefined) response.setHeader(portalBuildHeader, build);
    next();
  };
}

const cachedForever = { immutable: true, maxAge: '1y' } as const;

/** Codings of the build (portal/vite.config.ts), the smaller one first. */
const codings = [
  { name: 'br', extension: '.br' },
  { name: 'gzip', extension: '.gz' },
] as const;

/** Serves the compressed file beside an asset to browsers that accept it: nothing is compressed for each request. */
function serveCompressed(root: string): RequestHandler {
  const files = new Set(readdirSync(root));
  return (request, response, next) => {
    const file = request.path.slice(1);
    if (
      !['GET', 'HEAD'].includes(request.method) ||
      !codings.some(({ extension }) => files.has(file + extension))
    )
      return next();
    response.vary('Accept-Encoding');
    const coding = codings.find(
      ({ name, extension }) => files.has(file + extension) && request.acceptsEncodings(name),
    );
    if (!coding) return next();
    response.type(extname(file)).set('Content-Encoding', coding.name);
    response.sendFile(file + coding.extension, { root, ...cachedForever }, (error) => error && next(error));
  };
}

/** Serves a page's document without route parameters: decoding them would fail for a link that was cut inside a `%23`. */
function serveDocument(folder: string): RequestHandler {
  return (request, response, next) => {
    const { method, path } = request;
    if (!['GET', 'HEAD'].includes(method) || !request.accepts('html') || isApiPath(path)) return next();
    const kind = classifyPath(path);
    if (kind === 'file' && path !== '/index.html') return next();
    // caches must not store a response under a path that contains a secret
    if (kind === 'link') response.setHeader('Cache-Control', 'no-store');
    else setNoCache(response);
    response.status(kind === 'page' || kind === 'link' ? 200 : 404);
    response.sendFile(
      documentOf(path),
      { root: folder, cacheControl: false },
      (error) => error && next(error),
    );
  };
}

function setNoCache(response: Pick<Response, 'setHeader'>): void {
  response.setHeader('Cache-Control', 'no-cache');
}

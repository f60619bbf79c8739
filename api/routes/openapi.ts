import { z } from 'zod';
import { type Route, route } from '../http/route.ts';
import type { OpenApiDocument } from '../openapi.ts';

const anyObject = z.looseObject({}).meta({ id: 'OpenApiDocument', description: 'OpenAPI 3.1' });

/** Serves the OpenAPI document. It is created at the first request, from all routes including this one. */
export function openApiRoutes(describe: (own: readonly Route[]) => OpenApiDocument): Route[] {
  let document: OpenApiDocument | undefined;
  const own: Route[] = [];
  own.push(
    route({
      key: 'GET /openapi.json',
      summary: 'Get this OpenAPI document',
      responses: { 200: { description: 'OpenAPI 3.1', schema: anyObject } },
      handle: async (_context) => {
        document ??= describe(own);
        return { status: 200, body: { ...document }, headers: { 'Cache-Control': 'no-cache' } };
      },
    }),
  );
  return own;
}

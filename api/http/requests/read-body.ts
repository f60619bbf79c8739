import express, { type Request, type RequestHandler } from 'express';

/** Maximum size of a body in bytes, except for feeds. */
export const bodyLimitBytes = 100 * 1024;

const json = express.json({ limit: bodyLimitBytes, type: 'application/json' });
const text = express.text({ limit: bodyLimitBytes, type: 'text/plain' });
// read as text: Express would parse brackets in names as structure, but the signature covers the names as sent
const form = express.text({ limit: bodyLimitBytes, type: 'application/x-www-form-urlencoded' });

/** Reads the body as JSON. @throws the parser's error, which `errors.ts` maps to a problem */
export function readJsonBody(request: Request): Promise<unknown> {
  return runParser(json, request);
}

/** Reads the body as text; an absent body is an empty text. */
export function readTextBody(request: Request): Promise<string> {
  return parseText(text, request);
}

/** Reads the fields of a form. A field that is sent more than once becomes a list. */
export async function readFormBody(request: Request): Promise<Record<string, string | string[]>> {
  const fields = new URLSearchParams(await parseText(form, request));
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const values = fields.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

async function parseText(parser: RequestHandler, request: Request): Promise<string> {
  const body = await runParser(parser, request);
  return typeof body === 'string' ? body : '';
}

/** Runs an Express parser as a promise. */
function runParser(parser: RequestHandler, request: Request): Promise<unknown> {
  const { res: response } = request;
  if (!response) throw new TypeError('Request without its response');
  return new Promise((resolve, reject) => {
    void parser(request, response, (error?: unknown) => (error ? reject(error) : resolve(request.body)));
  });
}

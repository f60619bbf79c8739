import express, { type Request, type RequestHandler } from 'express';

/** The largest body but a feed's, in bytes. */
export const bodyLimitBytes = 100 * 1024;

const json = express.json({ limit: bodyLimitBytes, type: 'application/json' });
const text = express.text({ limit: bodyLimitBytes, type: 'text/plain' });
// not Express's own reading of forms: it takes brackets in names for structure, and a signature takes them as they are
const form = express.text({ limit: bodyLimitBytes, type: 'application/x-www-form-urlencoded' });

/** The body of a request as JSON. @throws what the parser refused, which `errors.ts` has the words for */
export function readJsonBody(request: Request): Promise<unknown> {
  return runParser(json, request);
}

/** A text; empty where the body is none. */
export function readTextBody(request: Request): Promise<string> {
  return parseText(text, request);
}

/** The fields of a form as they were typed; one that came more than once is a list. */
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

/** Parsers answer by calling back; none of ours looks at the response. */
function runParser(parser: RequestHandler, request: Request): Promise<unknown> {
  const { res: response } = request;
  if (!response) throw new TypeError('a request comes with its response');
  return new Promise((resolve, reject) => {
    void parser(request, response, (error?: unknown) => (error ? reject(error) : resolve(request.body)));
  });
}

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { access } from '../../../api/access.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';

interface Operation {
  operationId: string;
  security: Record<string, unknown>[];
  parameters?: { in: string; name: string; required?: boolean }[];
  requestBody?: unknown;
  responses: Record<
    string,
    { description: string; content?: Record<string, unknown>; headers?: Record<string, { $ref?: string }> }
  >;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: Record<'headers' | 'schemas' | 'securitySchemes', Record<string, unknown>>;
}

let api: ApiHarness;
let document: Document;
beforeAll(async () => {
  api = await openApiHarness();
  document = (await api.call('GET /openapi.json')).json as unknown as Document;
});
afterAll(() => api.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      key: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

test('it is OpenAPI 3.1 and describes every route of the access table, and no other', () => {
  expect(document.openapi).toBe('3.1.0');
  const documented = operations().map(({ key }) => key.replaceAll(/\{(\w+)\}/g, ':$1'));
  expect(documented.toSorted()).toEqual(Object.keys(access).toSorted());
});

test('every reference has a target', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(50);
  for (const [, name] of references) expect(document.components.schemas).toHaveProperty([name ?? '']);
});

test('every operation has a name of its own, its parameters, and its problems as problem+json', () => {
  const names = operations().map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { key, path, operation } of operations()) {
    const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const pathParameters = (operation.parameters ?? [])
      .filter((one) => one.in === 'path')
      .map((one) => one.name);
    expect([key, pathParameters]).toEqual([key, wanted]);
    const answers = Object.entries(operation.responses);
    expect(answers.filter(([, { description }]) => description === '')).toEqual([]);
    const problems = answers.filter(([status]) => Number(status) >= 400 && key !== 'GET /health/ready');
    for (const [, { content }] of problems)
      expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
  }
});

test('every response names the headers of rate limits, except those of health, which are not counted', () => {
  const names = ['RateLimit-Policy', 'RateLimit'];
  expect(Object.keys(document.components.headers)).toEqual(names);
  for (const { key, path, operation } of operations())
    for (const [status, { headers = {} }] of Object.entries(operation.responses)) {
      const shown = Object.values(headers).flatMap(({ $ref }) => $ref?.split('/').at(-1) ?? []);
      expect([key, status, shown]).toEqual([key, status, path.startsWith('/health/') ? [] : names]);
      expect([key, status !== '429' || 'Retry-After' in headers]).toEqual([key, true]);
    }
});

test('each operation’s callers are named by security schemes that exist', () => {
  for (const { key, operation } of operations()) {
    const caller = access[key.replaceAll(/\{(\w+)\}/g, ':$1') as keyof typeof access];
    expect([key, operation.security.length > 0]).toEqual([key, !['anyone', 'visitor'].includes(caller)]);
    for (const scheme of operation.security.flatMap(Object.keys))
      expect(document.components.securitySchemes).toHaveProperty(scheme);
  }
});

test('the document excludes unknown fields, as the API does', () => {
  expect(document.components.schemas['Registration']).toMatchObject({ additionalProperties: false });
  expect(document.components.schemas['HelpRequest']).toMatchObject({ additionalProperties: false });
});

test('the documentation page runs under a policy without inline scripts or other hosts', async () => {
  const page = await api.call('GET /docs');
  expect(page.status).toBe(200);
  const policy = page.headers.get('Content-Security-Policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect(page.text).not.toMatch(/<script|<style| style=|(?:src|href)="(?!\/|#)/);
  const style = await api.call('GET /docs/style.css');
  expect([style.status, style.headers.get('Content-Type')]).toEqual([200, 'text/css; charset=utf-8']);
});

test('the documentation page has every route and every schema, and its links lead somewhere', async () => {
  const { text } = await api.call('GET /docs');
  const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const { operation } of operations()) expect(ids).toContain(operation.operationId);
  for (const name of Object.keys(document.components.schemas)) expect(ids).toContain(`schema-${name}`);
  for (const [, link] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(link);
  expect(text).not.toContain('[object Object]');
});

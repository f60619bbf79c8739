import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Source of everything that writes a log in production. */
const sources = ['activities', 'api', 'runtime', 'worker'].flatMap((layer) =>
  readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(root, layer, path), 'utf8')),
);

test('the log messages on which ops alert exist in the source', () => {
  const document = readFileSync(join(root, 'docs', 'ops.md'), 'utf8');
  const [, section = ''] = /^## Log messages[^\n]*\n(.*?)^## /ms.exec(document) ?? [];
  const messages = [...section.matchAll(/^- `([^`]+)` \(/gm)].map(([, message = '']) => message);
  expect(messages.length).toBeGreaterThan(5);
  expect(messages.filter((message) => !sources.some((source) => source.includes(message)))).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { sourcesOfTheProject } from './optional-properties.ts';

const insertsIntoOutbox = /insert\s+into\s+(?:public\.)?"?outbox\b|insertInto\(\s*['"`]outbox\b/i;

test('only store/outbox.ts writes to the outbox, where the compiler checks type and payload of each message', () => {
  const { running } = sourcesOfTheProject();
  const writers = [...running].filter(([, source]) => insertsIntoOutbox.test(source)).map(([path]) => path);
  expect(writers).toEqual(['store/outbox.ts']);
});

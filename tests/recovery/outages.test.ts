import { expect, test } from '@jest/globals';
import { playOutages } from '../../bench/outages/play.ts';
import { neverStopping } from '../harness/never-stopping.ts';

test('Postgres is away for ten minutes: every promise is held', async () => {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  await playOutages({ names: ['postgres'], minutes: 10, say, signal: neverStopping });
  expect(lines).toContain('Every promise was held.');
}, 300_000);

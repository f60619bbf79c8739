import { expect, test } from '@jest/globals';
import { type Sources, sourcesOfTheProject } from './optional-properties.ts';

/** Ways to schedule activities, except local ones, which have no place in a task queue, and to start workflows. */
const schedules = /\bproxyActivities\b(?=[<(])/g;
const starts =
  /\b(?:workflow\.(?:start|execute|signalWithStart|executeUpdateWithStart)|schedule\.create|(?:start|execute)Child)\b(?=[<(])/;

/** Finds proxies of activities without a priority: the call ends at the first line that closes it. */
function withoutPriority({ running }: { running: Sources }): string[] {
  return [...running].flatMap(([path, source]) =>
    [...source.matchAll(schedules)]
      .filter(({ index }) => !/^\s+priority: priorityOf\(/m.test(source.slice(index).split('\n});')[0] ?? ''))
      .map(() => path),
  );
}

test('every activity is scheduled with a priority', () => {
  expect(withoutPriority(sourcesOfTheProject())).toEqual([]);
});

test('workflows are started in two files, whose tests read the priority of every start', () => {
  const { running } = sourcesOfTheProject();
  const starting = [...running].filter(([, source]) => starts.test(source)).map(([path]) => path);
  expect(starting).toEqual(['worker/deployment/schedules.ts', 'worker/outbox/start-workflows.ts']);
});

test('a proxy without a priority is found, with its file', () => {
  const one = "const a = proxyActivities<A>({\n  startToCloseTimeout: '1 minute',\n});\n";
  const two = "const b = proxyActivities<B>({\n  priority: priorityOf('look'),\n});\n";
  expect(withoutPriority({ running: new Map([['workflows/new.ts', one + two]]) })).toEqual([
    'workflows/new.ts',
  ]);
});

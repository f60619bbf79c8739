import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readBuildId, readRulesVersion } from '../../worker/deployment/version.ts';

const folder = mkdtempSync(join(tmpdir(), 'version-'));
afterAll(() => rmSync(folder, { recursive: true }));

function bundle(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('the same workflows are the same version wherever they were built, other workflows are another', () => {
  const here = readBuildId(bundle('here.js', 'workflow\n//# sourceMappingURL=here'));
  expect(readBuildId(bundle('there.js', 'workflow\n//# sourceMappingURL=there'))).toBe(here);
  expect(readBuildId(bundle('changed.js', 'another workflow\n//# sourceMappingURL=here'))).not.toBe(here);
});

test('a worker without a bundle does not start', () => {
  expect(() => readBuildId(join(folder, 'nothing.js'))).toThrow('run the build first');
});

test('a changed policy is another version of the rules', () => {
  const rules = readRulesVersion({ version: 'policy 1' });
  expect(readRulesVersion({ version: 'policy 1' })).toBe(rules);
  expect(readRulesVersion({ version: 'policy 2' })).not.toBe(rules);
});

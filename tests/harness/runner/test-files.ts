import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The test files below a folder that import one of the harness's servers, such as `time-skipping`. */
export function testFilesThatUse(harnessFile: string, folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => readFileSync(path, 'utf8').includes(`/harness/servers/${harnessFile}.ts'`))
    .toSorted();
}

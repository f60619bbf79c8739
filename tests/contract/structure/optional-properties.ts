import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** TypeScript sources by path. */
export type Sources = ReadonlyMap<string, string>;

/** Reads the sources of the product, and those of tests and benchmarks. */
export function sourcesOfTheProject(): { running: Sources; tests: Sources } {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: root,
  });
  const paths = listed.toString().split('\n').filter(Boolean);
  const read = (of: readonly string[]) =>
    new Map(of.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const isTest = (path: string) => /^(tests|bench)\//.test(path);
  return { running: read(paths.filter((path) => !isTest(path))), tests: read(paths.filter(isTest)) };
}

/** An optional property of a type. A parameter ends with a comma or a bracket instead. */
const optionalProperty = /(?:^\s+|[{;]\s*)(?:readonly )?(\w+)\?:(?!.*,$)/gm;

/**
 * Finds optional properties that only tests set, as `path: name`. It is a plain search by name: a property is set by
 * `name:`, a shorthand `{ name }` or `name=` of JSX. Where tests set it, only files that import its declaring file count,
 * because others may set another property of the same name.
 */
export function unsetOptions({ running, tests }: { running: Sources; tests: Sources }): string[] {
  const found = new Set<string>();
  for (const [path, source] of running) {
    for (const [, name = ''] of source.matchAll(optionalProperty)) {
      const setsIt = isSetting(name);
      const near = [...running].filter(([other, text]) => other === path || imports(text, path));
      const isSetNear = near.some(([, text]) => setsIt(text));
      const isSetAnywhere = isSetNear || [...running.values()].some(setsIt);
      const isSetByTests = [...tests.values()].some((text) => imports(text, path) && setsIt(text));
      if (!isSetAnywhere || (isSetByTests && !isSetNear)) found.add(`${path}: ${name}`);
    }
  }
  return [...found].toSorted();
}

function imports(text: string, path: string): boolean {
  return text.includes(`/${path.split('/').at(-1)}'`);
}

function isSetting(name: string): (text: string) => boolean {
  const pattern = new RegExp(
    `(?<![\\w.?])${name}\\s*:(?!:)|(?<![\\w.])${name}=[{"]|<\\w+[^>]*\\s${name}[\\s/>]|[{,]\\s*${name}\\s*(?=[,}])`,
  );
  return (text) => pattern.test(text);
}

/** Finds exported functions and values that no product code uses, not even in their own file, as `path: name`. */
export function exportsOnlyForTests({ running }: { running: Sources }): string[] {
  const found = [...running].flatMap(([path, source]) =>
    [...source.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => {
        const word = new RegExp(`\\b${name}\\b`, 'g');
        const isUsedElsewhere = [...running].some(
          ([other, text]) => other !== path && text.search(word) >= 0,
        );
        return !isUsedElsewhere && (source.match(word)?.length ?? 0) < 2;
      })
      .map((name) => `${path}: ${name}`),
  );
  return found.toSorted();
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Finds the relative links of a document without a target, with the document's path.
 * @param root folder of the project; a link must not lead out of it
 * @param path of the document, from there
 */
export function brokenLinks(root: string, path: string): string[] {
  return linksIn(readFileSync(join(root, path), 'utf8'))
    .filter((link) => !hasTarget(root, path, link))
    .map((link) => `${path}: ${link}`);
}

/** Targets of the links in a text, without web addresses and without code. */
export function linksIn(markdown: string): string[] {
  const prose = withoutCodeBlocks(markdown).replaceAll(/`[^`]*`/g, 'code');
  const inline = prose.matchAll(/\]\((?<link>[^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)/g);
  const named = prose.matchAll(/^\[[^\]]+\]:\s*(?<link>\S+)/gm);
  return [...inline, ...named]
    .map(({ groups }) => groups?.['link'] ?? '')
    .filter((link) => !/^(?:[a-z][a-z+.-]*:|<)/i.test(link));
}

function hasTarget(root: string, path: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? join(root, path) : join(root, dirname(path), decodeURIComponent(file));
  if (relative(root, target).startsWith('..') || !existsSync(target)) return false;
  if (anchor === undefined) return true;
  return statSync(target).isFile() && anchorsIn(readFileSync(target, 'utf8')).includes(anchor);
}

/** The anchors of a document: its headings as GitHub writes them, repeated ones numbered, and ids set by hand. */
export function anchorsIn(markdown: string): string[] {
  const text = withoutCodeBlocks(markdown);
  const seen = new Map<string, number>();
  const headings = [...text.matchAll(/^#{1,6} +(.+?)(?: +#+)?$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
  return [...headings, ...[...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id)];
}

function withoutCodeBlocks(markdown: string): string {
  return markdown.replaceAll(/^ *(`{3,}|~{3,})[^\n]*\n.*?^ *\1`*$/gms, '');
}

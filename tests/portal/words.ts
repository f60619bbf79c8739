/** Every fixed text in a tree of words, by its path. Texts with arguments are left out. */
export function textsIn(words: object, path = ''): [path: string, text: string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] => {
    const here = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string') return [[here, value]];
    return typeof value === 'object' && value !== null ? textsIn(value, here) : [];
  });
}

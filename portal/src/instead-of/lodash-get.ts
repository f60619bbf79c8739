/** In place of `lodash/get` (portal/vite.config.ts), of which the design system needs a path of names. */
export default function get(object: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], object);
}

import { readUnmappedLinesOfAuthority } from '../../../store/feeds/lines-of-authority.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { linesOfAuthority } from '../../schemas/ops/lines.ts';

/** The names of lines of authority that wait for `npm run lines`. */
export function linesOfAuthorityRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/lines-of-authority',
    summary: 'Lines of authority whose names are not known yet',
    responses: { 200: { description: 'The names in use', schema: linesOfAuthority } },
    handle: async () => ({ status: 200 as const, body: { unknown: await readUnmappedLinesOfAuthority(db) } }),
  });
}

import { Router } from 'express';
import type { Deps } from '../deps.ts';

const dayMs = 24 * 60 * 60_000;
/** Days after which `security.txt` would have to be looked at again: less than the year that RFC 9116 allows. */
const validDays = 180;

/**
 * Serves the two addresses at which other programs look: whom to tell of a security problem (RFC 9116), and where a password
 * manager sends people to change their password (W3C, A Well-Known URL for Changing Passwords).
 */
export function wellKnownRouter({ settings, now }: Pick<Deps, 'settings' | 'now'>): Router {
  const router = Router();
  const { publicUrl, securityContact } = settings;
  router.get('/.well-known/security.txt', (_request, response) => {
    // made with each answer, so that a service that runs is never stale
    const expires = new Date(Math.floor(now().getTime() / dayMs + validDays) * dayMs);
    const lines = [
      `Contact: ${securityContact}`,
      `Expires: ${expires.toISOString().replace('.000', '')}`,
      'Preferred-Languages: en, es',
      `Canonical: ${publicUrl}/.well-known/security.txt`,
    ];
    response
      .set('Cache-Control', 'no-cache')
      .type('text/plain')
      .send(`${lines.join('\n')}\n`);
  });
  router.get('/.well-known/change-password', (_request, response) => {
    response.set('Cache-Control', 'no-cache').redirect(303, '/account/password');
  });
  return router;
}

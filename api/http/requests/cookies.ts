import type { CookieOptions, Request, Response } from 'express';

/** A cookie that carries a token. */
export interface TokenCookie {
  name: string;
  read(request: Request): string | undefined;
  set(response: Response, token: string, maxAgeMs: number): void;
  clear(response: Response): void;
}

/** The cookie of a log-in session. */
export function createSessionCookie(publicUrl: string): TokenCookie {
  return createCookie(publicUrl, 'session');
}

/** The cookie that recognizes a device after a log-in. It outlives the session and grants no access. */
export function createDeviceCookie(publicUrl: string): TokenCookie {
  return createCookie(publicUrl, 'device');
}

/**
 * Creates a cookie with the prefix `__Host-` over https. Browsers share the cookies of a host among all its ports, so
 * over http the name contains the port and two installations on one machine stay apart.
 */
function createCookie(publicUrl: string, kind: 'session' | 'device'): TokenCookie {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === 'https:';
  const name = secure ? `__Host-${kind}` : `${kind}-${port || '80'}`;
  const options: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/', secure };
  return {
    name,
    read: (request) => readCookie(request.headers.cookie, name),
    set: (response, token, maxAgeMs) => void response.cookie(name, token, { ...options, maxAge: maxAgeMs }),
    clear: (response) => void response.clearCookie(name, options),
  };
}

function readCookie(header: string | undefined, name: string): string | undefined {
  const pair = header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) || undefined;
}

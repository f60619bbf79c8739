import type { CookieOptions, Request, Response } from 'express';

/** A cookie of one installation that holds a token. */
export interface TokenCookie {
  name: string;
  read(request: Request): string | undefined;
  set(response: Response, token: string, maxAgeMs: number): void;
  clear(response: Response): void;
}

/** The session of whoever is logged in. */
export function createSessionCookie(publicUrl: string): TokenCookie {
  return createCookie(publicUrl, 'session');
}

/** The device that somebody has logged in on. It outlives the session and opens nothing. */
export function createDeviceCookie(publicUrl: string): TokenCookie {
  return createCookie(publicUrl, 'device');
}

/**
 * A cookie: `__Host-` where the service is seen over https. Browsers share the cookies of a host among its
 * ports, so over http the name holds the port and two copies on one machine keep apart.
 */
function createCookie(publicUrl: string, of: 'session' | 'device'): TokenCookie {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === 'https:';
  const name = secure ? `__Host-${of}` : `${of}-${port || '80'}`;
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

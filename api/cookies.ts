import type { CookieOptions, Request, Response } from 'express';

/** The session cookie of one installation. */
export interface SessionCookie {
  name: string;
  read(request: Request): string | undefined;
  set(response: Response, token: string, maxAgeMs: number): void;
  clear(response: Response): void;
}

/**
 * The cookie: `__Host-` where the service is seen over https. Browsers share the cookies of a host among its
 * ports, so over http the name holds the port and two copies on one machine keep apart.
 */
export function createSessionCookie(publicUrl: string): SessionCookie {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === 'https:';
  const name = secure ? '__Host-session' : `session-${port || '80'}`;
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

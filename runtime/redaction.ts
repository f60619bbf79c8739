/** Keys whose values are, or may hold, personal data or secrets, in lower case and without separators. */
const personalKeys = new Set([
  'firstname',
  'lastname',
  'fullname',
  'displayname',
  'consumername',
  'agentname',
  'email',
  'emailaddress',
  'phone',
  'phonenumber',
  'mobile',
  'address',
  'street',
  'zip',
  'zipcode',
  'city',
  'username',
  'password',
  'passwordhash',
  'token',
  'secret',
  'code',
  'totpsecret',
  'authorization',
  'cookie',
  'setcookie',
  'ip',
  'useragent',
  'to',
  'from',
  'subject',
  'text',
  'html',
  'body',
  'notes',
  'note',
  'accountnumber',
  'endpoint',
  'subscription',
]);

const removed = '[removed]';
const maxDepth = 8;

/**
 * Copies the values of a log line without personal data. Values are removed by their key, at any depth; texts lose what
 * has the form of an email address, a phone number or the query of a URL. Objects that are not plain, such as a
 * request, are left to the log's serializers.
 */
export function withoutPersonalData(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return withoutPersonalText(value);
  if (value instanceof Error) return describeError(value, depth);
  if (!Array.isArray(value) && !isPlainObject(value)) return value;
  if (depth >= maxDepth) return removed;
  if (Array.isArray(value)) return value.map((item) => withoutPersonalData(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isPersonal(key, item) ? removed : withoutPersonalData(item, depth + 1),
    ]),
  );
}

/** Removes from a text what looks like an email address, a phone number, or the query or fragment of a URL. */
export function withoutPersonalText(text: string): string {
  return text
    .replaceAll(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[email]')
    .replaceAll(
      /(?<![\w-])(\+?1[ .-]?)?(\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])|\+\d{8,15}\b/g,
      '[phone]',
    )
    .replaceAll(/(\bhttps?:\/\/[^\s?#"']+)[?#][^\s"']*/g, '$1');
}

/**
 * Describes an error for the log. Its message is kept, redacted. A message of Postgres is dropped, because it quotes
 * rows and parameters in any form: its code and the names of table, column and constraint stand in for it.
 */
function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  const ofPostgres = isPostgresError(error);
  const { table, column, constraint } = error as Error & Record<string, unknown>;
  const stack = ofPostgres ? stackFramesOf(error) : withoutPersonalText(error.stack ?? '');
  return {
    type: error.name,
    message: ofPostgres ? 'Postgres refused a statement' : withoutPersonalText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(ofPostgres ? { table, column, constraint } : {}),
    stack,
    ...(error.cause instanceof Error && depth < maxDepth
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}

/** Describes an error of Postgres by its code and the names it gives; undefined for any other error. */
export function describePostgresError(error: Error): string | undefined {
  if (!isPostgresError(error)) return undefined;
  const { code, table, column, constraint } = error as Error & Record<string, unknown>;
  const names = Object.entries({ table, column, constraint }).filter(([, name]) => typeof name === 'string');
  const where = names.map(([what, name]) => `, ${what} ${name as string}`).join('');
  // no such table, column or function
  const advice = /^42(P01|703|883)$/.test(String(code)) ? '; is the database up to date (migrate)?' : '';
  return `Postgres refused a statement (SQLSTATE ${String(code)}${where})${advice}`;
}

/** Recognizes an error of Postgres by its SQLSTATE and severity; no other error has both. */
function isPostgresError(error: Error): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof severity === 'string' && typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
}

/** Returns the frames of a stack, without the message that it begins with. */
export function stackFramesOf({ stack = '', message }: Error): string {
  const at = stack.indexOf(message);
  return stack.slice(at < 0 ? stack.length : at + message.length).trimStart();
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isPersonal(key: string, value: unknown): boolean {
  return value !== undefined && value !== null && personalKeys.has(key.toLowerCase().replaceAll(/[_-]/g, ''));
}

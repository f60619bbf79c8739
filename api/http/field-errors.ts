import type { z } from 'zod';
import type { FieldError } from '../schemas/problem.ts';

/** Where a value stood in the request: how its pointer begins. */
export type RequestPart = 'body' | 'query';

/**
 * Every failed field of a value, from all issues of zod at once. An unknown field is one error of its own; codes
 * are ours, so that they stay when the library's change; nothing repeats what was sent.
 */
export function fieldErrorsOf(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  part: RequestPart,
): FieldError[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        pointer: pointerTo([...issue.path, key], part),
        code: 'unknown-field',
        detail: 'This field is not known here.',
      }));
    return [{ pointer: pointerTo(issue.path, part), ...describeIssue(issue, value) }];
  });
}

/** JSON Pointer (RFC 6901) into the body; `?name` for a parameter of the query. */
export function pointerTo(path: readonly PropertyKey[], part: RequestPart = 'body'): string {
  if (part === 'query') return `?${path.map(String).join('.')}`;
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown): { code: string; detail: string } {
  if (valueAt(value, issue.path) === undefined) return { code: 'required', detail: 'This field is needed.' };
  switch (issue.code) {
    case 'invalid_type':
      return { code: 'wrong-type', detail: `This field takes ${issue.expected}.` };
    case 'too_small':
      return { code: 'too-small', detail: `At least ${issue.minimum}.` };
    case 'too_big':
      return { code: 'too-big', detail: `At most ${issue.maximum}.` };
    case 'invalid_value':
      return { code: 'not-one-of', detail: `One of ${issue.values.map(String).join(', ')}.` };
    case 'invalid_format':
      return { code: 'wrong-format', detail: `${issue.message}.` };
    case 'invalid_union':
      return { code: 'not-one-of', detail: 'Not one of the values that are known here.' };
    case 'custom': {
      const code: unknown = issue.params?.['code'];
      return { code: typeof code === 'string' ? code : 'invalid', detail: issue.message };
    }
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      break;
  }
  return { code: 'invalid', detail: 'Not a value for this field.' };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

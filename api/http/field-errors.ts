import type { z } from 'zod';
import type { FieldError } from '../schemas/problem.ts';

/** Part of the request that a failed field belongs to; it decides the form of the pointer. */
export type RequestPart = 'body' | 'query';

/**
 * Lists every failed field of a value from the issues that zod found. Each unknown field is an error of its own. The
 * codes are our own, so that they outlast changes of the library. No error repeats the value that was sent.
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
        detail: 'This field is unknown.',
      }));
    return [{ pointer: pointerTo(issue.path, part), ...describeIssue(issue, value) }];
  });
}

/** Formats a path as JSON Pointer (RFC 6901) into the body, or as `?name` for a query parameter. */
export function pointerTo(path: readonly PropertyKey[], part: RequestPart = 'body'): string {
  if (part === 'query') return `?${path.map(String).join('.')}`;
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown): { code: string; detail: string } {
  if (valueAt(value, issue.path) === undefined)
    return { code: 'required', detail: 'This field is required.' };
  switch (issue.code) {
    case 'invalid_type':
      return { code: 'wrong-type', detail: `This field must be of type ${issue.expected}.` };
    case 'too_small':
      return { code: 'too-small', detail: `At least ${issue.minimum}.` };
    case 'too_big':
      return { code: 'too-big', detail: `At most ${issue.maximum}.` };
    case 'invalid_value':
      return { code: 'not-one-of', detail: `One of ${issue.values.map(String).join(', ')}.` };
    case 'invalid_format':
      return { code: 'wrong-format', detail: `${issue.message}.` };
    case 'invalid_union':
      return { code: 'not-one-of', detail: 'Not one of the allowed values.' };
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
  return { code: 'invalid', detail: 'This value is not valid for this field.' };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/**
 * Creates the Idempotency-Key of a form. The key stays the same while the body is the same, so that a repeat is not a
 * second request. A changed body gets a new key, because the API refuses it under the old one.
 */
export function createIdempotencyKeys(newKey: () => string): (body: unknown) => string {
  let kept: { key: string; text: string } | undefined;
  return (body) => {
    const text = JSON.stringify(body);
    if (kept?.text !== text) kept = { key: newKey(), text };
    return kept.key;
  };
}

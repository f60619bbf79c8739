/**
 * The key of a form: the same for the same body however often it is sent, so that a repeat is no second request;
 * another once the body differs, which the service would refuse under the first.
 */
export function createIdempotencyKeys(newKey: () => string): (body: unknown) => string {
  let kept: { key: string; text: string } | undefined;
  return (body) => {
    const text = JSON.stringify(body);
    if (kept?.text !== text) kept = { key: newKey(), text };
    return kept.key;
  };
}

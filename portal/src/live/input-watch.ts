/** Milliseconds after a person's last input for which reads are taken to be theirs. */
const attentionMs = 60_000;

/**
 * Watches for input of a person, so that reads of a page that keeps itself up to date are told apart from theirs. Opening the
 * page is input too.
 * @returns whether a read now is in the background
 */
export function watchInput(page: Pick<EventTarget, 'addEventListener'>, clock: () => number): () => boolean {
  let last = clock();
  for (const event of ['pointerdown', 'keydown', 'wheel', 'touchmove'])
    page.addEventListener(
      event,
      () => {
        last = clock();
      },
      { capture: true, passive: true },
    );
  return () => clock() - last > attentionMs;
}

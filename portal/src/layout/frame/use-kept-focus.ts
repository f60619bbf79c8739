import { useEffect } from 'react';

/**
 * Keeps the focus on the page when the element that has it is removed or disabled: browsers then move it to the body, and
 * keyboards and screen readers begin again at the top. It goes to the heading of the nearest part that is left, which says
 * what became of the element. A page that sets the focus itself is not disturbed.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let held: Element[] = [];
    let check: number | undefined;
    const onFocus = ({ target }: FocusEvent) => {
      if (target instanceof Element) held = [target, ...ancestorsOf(target)];
    };
    // a person who clicks on nothing gives it up; an element that is being removed can lose it in the same way
    const onBlur = ({ target }: FocusEvent) =>
      queueMicrotask(() => {
        if (held[0] === target && isUsable(held[0])) held = [];
      });
    const keep = () => {
      const [element] = held;
      if (!element || isUsable(element) || document.activeElement !== document.body) return;
      headingNear(held)?.focus();
    };
    const observer = new MutationObserver(() => {
      const [element] = held;
      if (!element || isUsable(element)) return;
      // after what the page itself does with the focus in this change
      cancelAnimationFrame(check ?? 0);
      check = requestAnimationFrame(keep);
    });
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributeFilter: ['disabled', 'inert'],
    });
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', onBlur);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(check ?? 0);
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', onBlur);
    };
  }, []);
}

function ancestorsOf({ parentElement }: Element): Element[] {
  return parentElement ? [parentElement, ...ancestorsOf(parentElement)] : [];
}

function isUsable(element: Element): boolean {
  return element.isConnected && !element.matches(':disabled');
}

/** The heading of the innermost part that is still on the page; that of the whole page if no other is. */
function headingNear(ancestors: readonly Element[]): HTMLElement | undefined {
  for (const part of [...ancestors, document.body].filter(({ isConnected }) => isConnected)) {
    const heading = part.querySelector<HTMLElement>('h1, h2, h3, h4');
    if (!heading) continue;
    if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
    return heading;
  }
  return undefined;
}

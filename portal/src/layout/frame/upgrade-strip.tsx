import { useIsMutating } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useLocation } from 'react-router';
import { hasTyped } from '../../app/upgrade.ts';
import { Button } from '../../form/button.tsx';
import { usePortal, useText } from '../../portal-context.tsx';

/** Milliseconds between two looks whether the page can be replaced unseen. */
const lookMs = 15_000;

/**
 * Strip above a page of an earlier build. The new page is loaded when another page is opened, or when nobody uses this one and
 * nothing is typed in it; in any case not before what was sent has been answered.
 */
export function UpgradeStrip() {
  const { upgrade } = usePortal();
  const text = useText().words.upgrade;
  const { pathname } = useLocation();
  const isDue = useSyncExternalStore(upgrade.subscribe, upgrade.isDue);
  const isSending = useIsMutating() > 0;
  const openedAs = useRef(pathname);
  useEffect(() => {
    if (!isDue) openedAs.current = pathname;
    else if (!isSending && openedAs.current !== pathname) upgrade.load();
  }, [isDue, isSending, pathname, upgrade]);
  useEffect(() => {
    if (!isDue || isSending) return undefined;
    const loadUnseen = () => {
      if (upgrade.isUnattended() && !hasTyped(document)) upgrade.load();
    };
    const timer = setInterval(loadUnseen, lookMs);
    document.addEventListener('visibilitychange', loadUnseen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', loadUnseen);
    };
  }, [isDue, isSending, upgrade]);
  return (
    <div aria-live="polite" className="hod-upgrade">
      {isDue && (
        <p>
          {text.text}{' '}
          <Button variation="solid" size="small" onClick={upgrade.load}>
            {text.load}
          </Button>
        </p>
      )}
    </div>
  );
}

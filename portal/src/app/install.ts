/**
 * How the portal becomes an app on this device. `installed`: this is the app. `prompt`: the browser asks, upon a tap.
 * `home-screen`: by hand, on an iPhone or iPad. `none`: not from here.
 */
export type InstallWay = 'installed' | 'prompt' | 'home-screen' | 'none';

/** Chromium's event, whose prompt can be shown once (W3C, Manifest Incubations). */
interface InstallPromptEvent extends Event {
  prompt: () => Promise<unknown>;
}

export interface Install {
  way: () => InstallWay;
  /** Has the browser ask whether to install, where the way is `prompt`. Only upon a tap. */
  ask: () => Promise<void>;
  /** Calls back when the way changes. @returns a function that ends this */
  subscribe: (onChange: () => void) => () => void;
}

type Listened = Pick<EventTarget, 'addEventListener'>;
type InstallWindow = Listened & {
  matchMedia: (query: string) => Listened & { matches: boolean };
  navigator: Pick<Navigator, 'userAgent' | 'maxTouchPoints'>;
};

/** Creates it before the browser says that it can install: it says so once, as early as the page loads. */
export function createInstall(window: InstallWindow): Install {
  const listeners = new Set<() => void>();
  const display = window.matchMedia('(display-mode: standalone)');
  let prompt: InstallPromptEvent | undefined;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  window.addEventListener('beforeinstallprompt', (event) => {
    // the browser's own bar would ask before our sentence is read
    event.preventDefault();
    prompt = event as InstallPromptEvent;
    changed();
  });
  window.addEventListener('appinstalled', () => {
    prompt = undefined;
    changed();
  });
  display.addEventListener('change', changed);
  const isApple = isAppleMobile(window.navigator);
  return {
    way() {
      // Safari on iPhones has said it by a property of its own, long before the media feature
      const isApp =
        display.matches || ('standalone' in window.navigator && window.navigator.standalone === true);
      if (isApp) return 'installed';
      if (prompt) return 'prompt';
      return isApple ? 'home-screen' : 'none';
    },
    async ask() {
      const event = prompt;
      prompt = undefined;
      await event?.prompt();
      changed();
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

/** Whether the device is an iPhone or iPad. An iPad calls itself a Mac, which has no touch screen. */
function isAppleMobile({ userAgent, maxTouchPoints }: InstallWindow['navigator']): boolean {
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

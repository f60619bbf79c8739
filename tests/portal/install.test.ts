import { expect, test } from '@jest/globals';
import { createInstall } from '../../portal/src/app/install.ts';

const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const mac =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';
const android = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36';

/** A window as a browser has it; `standalone` is Safari's property. */
function browserWindow({
  userAgent,
  maxTouchPoints = 5,
  isApp = false,
  ...safari
}: {
  userAgent: string;
  maxTouchPoints?: number;
  isApp?: boolean;
  standalone?: boolean;
}) {
  const window = new EventTarget();
  const display = Object.assign(new EventTarget(), { matches: isApp });
  return Object.assign(window, {
    matchMedia: () => display,
    navigator: { userAgent, maxTouchPoints, ...safari },
  });
}

test.each([
  ['an iPhone', { userAgent: iPhone }, 'home-screen'],
  ['an iPad, which calls itself a Mac', { userAgent: mac }, 'home-screen'],
  ['a Mac', { userAgent: mac, maxTouchPoints: 0 }, 'none'],
  ['an Android browser that does not offer it', { userAgent: android }, 'none'],
  ['the app on Android', { userAgent: android, isApp: true }, 'installed'],
  ['the app on an iPhone', { userAgent: iPhone, standalone: true }, 'installed'],
] as const)('on %s', (_device, window, way) => {
  expect(createInstall(browserWindow(window)).way()).toBe(way);
});

test('the browser’s own question waits for a tap, and is asked once', async () => {
  const window = browserWindow({ userAgent: android });
  const install = createInstall(window);
  let changes = 0;
  let prompts = 0;
  install.subscribe(() => (changes += 1));
  const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
    prompt: async () => (prompts += 1),
  });
  window.dispatchEvent(event);
  expect([event.defaultPrevented, install.way(), changes]).toEqual([true, 'prompt', 1]);
  await install.ask();
  await install.ask();
  expect([prompts, install.way()]).toEqual([1, 'none']);
});

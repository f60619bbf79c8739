import { expect, test } from '@jest/globals';
import { browserName } from '../../../api/http/requests/browser-name.ts';
import { growthOf } from '../../harness/growth.ts';

const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

test.each([
  ['Firefox on Windows', 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0'],
  ['Edge on Windows', `Mozilla/5.0 (Windows NT 10.0) ${webKit} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`],
  ['Chrome on Android', `Mozilla/5.0 (Linux; Android 10; K) ${webKit} Chrome/142.0.0.0 Mobile Safari/537.36`],
  [
    'Chrome on iPhone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/142.0 Mobile Safari/604.1',
  ],
  [
    'Safari on iPhone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1',
  ],
  ['Safari on macOS', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15'],
  ['another browser on Linux', 'Thing/1.0 (X11; Linux x86_64)'],
  ['another browser', 'curl/8.5.0'],
  ['another browser', undefined],
])('%s', (name, userAgent) => {
  expect(browserName(userAgent)).toBe(name);
});

test('the time to name one grows as its length does', () => {
  const nearlySafari = (length: number) => `Version/${'1'.repeat(length / 2)}${'x'.repeat(length / 2)}`;
  expect(browserName(nearlySafari(100))).toBe('another browser');
  expect(growthOf(browserName, nearlySafari)).toBeLessThan(10);
});

/** Browsers, before those whose name they carry too: Chrome is in most User-Agents, Safari in nearly all. */
const browsers: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\bOP(R|T|X)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|Chromium|CriOS)\//],
  ['Safari', /\bVersion\/[\d.]+.* Safari\//],
];

/** Systems, before those whose name they carry too: Android is a Linux, an iPhone is "like Mac OS X". */
const systems: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
];

/** Characters of a User-Agent that are looked at: more than any browser sends, and few enough for every pattern. */
const maxCharacters = 500;

/**
 * Names the browser and the system of a User-Agent, such as "Firefox on Windows": enough to recognize a device of one's own,
 * and too little to tell one person's from another's. What it does not know is "another browser".
 */
export function browserName(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, maxCharacters);
  const nameIn = (list: typeof browsers) => list.find(([, pattern]) => pattern.test(text))?.[0];
  const [browser = 'another browser', system] = [nameIn(browsers), nameIn(systems)];
  return system ? `${browser} on ${system}` : browser;
}

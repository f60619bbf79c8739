import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../runtime/command-line.ts';
import { openBrowser } from './browser.ts';

const portal = fileURLToPath(new URL('../portal/', import.meta.url));

const command = {
  name: 'npm run icons',
  about: 'Draws the icons of the installed portal, portal/public/icons, from portal/public/icon.svg.',
  exitCodes: { 0: 'the icons are drawn', 1: 'it failed' },
};

/** Color of the icon's own ground (portal/public/icon.svg). */
const ground = '#0b4778';

/**
 * The icons, in pixels of their sides. `fill` is the part of the side that the drawing takes: launchers cut a maskable icon
 * down to a circle of 80 % (W3C, Web Application Manifest, icon masks), and iPhones round its corners. A badge is one that
 * Android shows in its status bar, of which only the transparency counts.
 */
const icons = [
  { name: 'icon-192', side: 192, fill: 1, look: 'whole' },
  { name: 'icon-512', side: 512, fill: 1, look: 'whole' },
  { name: 'maskable-512', side: 512, fill: 0.8, look: 'full-bleed' },
  { name: 'apple-touch-icon', side: 180, fill: 1, look: 'full-bleed' },
  { name: 'badge-96', side: 96, fill: 1, look: 'sign' },
] as const;

async function main(): Promise<void> {
  readCommandLine(command);
  const drawing = readFileSync(join(portal, 'public', 'icon.svg'), 'utf8');
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    for (const { name, side, fill, look } of icons) {
      // the ground is a rectangle with round corners, the first element
      const sign =
        look === 'sign' ? drawing.replace(/<rect[^>]*>/, '').replace('0 0 32 32', '6 5 20 23') : drawing;
      await page.setViewportSize({ width: side, height: side });
      await page.setContent(
        `<style>html{background:${look === 'full-bleed' ? ground : 'transparent'}}` +
          `body{margin:0;display:grid;place-items:center;height:100vh}svg{width:${fill * 100}%;height:${fill * 100}%}</style>${sign}`,
      );
      writeFileSync(
        join(portal, 'public', 'icons', `${name}.png`),
        await page.screenshot({ omitBackground: true }),
      );
    }
  } finally {
    await browser.close();
  }
}

await main();

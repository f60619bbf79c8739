import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from '../runtime/command-line.ts';
import { portSettings } from '../standalone/part-settings.ts';
import { projectFolder } from '../standalone/services/programs.ts';
import { pictureMessages } from './message-pictures.ts';
import { takePictures } from './screenshot-scenes.ts';
import { withTemporarySystem } from './temporary-system.ts';

const command = {
  name: 'npm run screenshots',
  about:
    'Takes the pictures of docs/screenshots again, on a temporary system with sample people, and one of every mail and text ' +
    'in each language, in the folder messages there, which the repository does not keep.',
  options: {
    messages: { type: 'boolean', about: 'only the mails and texts, which need no system' },
  },
  settings: portSettings,
  exitCodes: {
    0: 'the pictures are taken',
    1: 'a page does not show what its picture needs',
    130: 'Ctrl-C ended it; nothing of the system is left',
  },
} as const;

const { values } = readCommandLine(command);
await withTemporarySystem('screenshots', async ({ say, start, inBrowser }) => {
  const folder = join(projectFolder, 'docs', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await inBrowser((browser) => pictureMessages(browser, { folder: join(folder, 'messages'), say }));
  if (values.messages) return;
  const parts = await start();
  const { mailboxUrl = '', temporalUiUrl = '' } = parts;
  const { logins, publicUrl: portalUrl } = parts.run();
  await inBrowser((browser) =>
    takePictures({ browser, folder, logins, portalUrl, mailboxUrl, temporalUiUrl, say }),
  );
});

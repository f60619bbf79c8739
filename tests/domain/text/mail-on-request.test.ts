import { describe, expect, test } from '@jest/globals';
import { renderMail } from '../../../activities/notifications/templates/render-mail.tsx';
import { onboardingStages } from '../../../domain/stages.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import type { NoticeData } from '../../../domain/text/notice-data.ts';
import { inMinutes, noticeData, when } from './samples.ts';

type Asked = NoticeData['status-answer'];
const nothingUnmet = { causes: [], unmet: [], isRegistered: false };

async function mailText(change: Partial<Asked>, language = 'en'): Promise<string> {
  const data: Asked = { ...noticeData['status-answer'], ...nothingUnmet, ...change };
  return (await renderMail(sentencesIn(language).mail['status-answer'](data, when), language)).text;
}

describe.each(['en', 'es'])('the answer where an agent stands (%s)', (language) => {
  test.each(onboardingStages)('%s: is complete, and has no link that grants access', async (stage) => {
    const text = await mailText({ stage, linkExpiresAt: inMinutes(60) }, language);
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
    expect(text).not.toContain('/register');
    expect(text).toContain('MLMS');
  });
});

describe('the answer tells', () => {
  const { unmet } = noticeData['status-answer'];

  test('an agent who waits which conditions are missing, each with what to do and where', async () => {
    const text = await mailText({ stage: 'awaiting-eligibility', unmet });
    expect(text).toMatch(/State license: .*Renew it .*https:\/\/nipr\.com/);
    expect(text).toMatch(/CMS agreements: .*Sign the agreements.*https:\/\/portal\.cms\.gov/);
    expect(text).not.toContain('new to the Marketplace');
  });

  test('an agent new to the Marketplace that NIPR takes longer', async () => {
    expect(await mailText({ stage: 'awaiting-eligibility', unmet, newToMarketplace: true })).toMatch(
      /new to the Marketplace: it may take additional time to verify .* NIPR/,
    );
  });

  test('an invited agent until when the link works, and where it is', async () => {
    expect(await mailText({ stage: 'invited', linkExpiresAt: inMinutes(120) })).toMatch(
      /valid until Monday, November 23, 2026 at 12:00 PM MST.*does not hold the link/,
    );
  });

  test('an agent whose link has expired how to get another', async () => {
    expect(await mailText({ stage: 'invitation-expired' })).toMatch(
      /Open the link .*the page sends you a new one/,
    );
  });

  test('an agent whose invitation failed at a good address when another follows; at a bad one, to correct it', async () => {
    const stage = 'invitation-undeliverable';
    const retried = await mailText({ stage, retryAt: inMinutes(120) });
    expect(retried).toMatch(/address is good.*another invitation.*Monday, November 23, 2026 at 12:00 PM MST/);
    expect(retried).not.toMatch(/Correct|ask for another/);
    expect(await mailText({ stage, retryAt: inMinutes(120) }, 'es')).toMatch(
      /es correcto.*Otra invitación.*23 de noviembre de 2026 a las 12:00 p\. m\./,
    );
    expect(await mailText({ stage })).toContain('Correct the email address in your MLMS profile');
    expect(await mailText({ stage }, 'es')).toContain('Corrija el correo electrónico en su perfil de MLMS');
  });

  test('a registered agent to log in, and nobody else', async () => {
    expect(await mailText({ stage: 'active', isRegistered: true })).toContain('/login');
    expect(await mailText({ stage: 'awaiting-eligibility', unmet })).not.toContain('/login');
  });
});

test('the reminder has the username and where to log in, and no password', async () => {
  const words = sentencesIn('en').mail['log-in-reminder'](noticeData['log-in-reminder'], when);
  const { text } = await renderMail(words, 'en');
  expect(text).toContain('Your username is: maria.lopez');
  expect(text).toContain('https://www.helpondemand.example/login');
});

import { describe, expect, test } from '@jest/globals';
import { renderMail } from '../../../activities/notifications/templates/render-mail.tsx';
import { onboardingStages } from '../../../domain/stages.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import type { NoticeData } from '../../../domain/text/notice-data.ts';
import { inMinutes, noticeData, when } from '../../../scripts/message-samples.ts';

type Asked = NoticeData['status-answer'];
const nothingUnmet = { causes: [], unmet: [], isRegistered: false };

function mailText(change: Partial<Asked>, language = 'en'): string {
  const data: Asked = { ...noticeData['status-answer'], ...nothingUnmet, ...change };
  return renderMail(sentencesIn(language).mail['status-answer'](data, when), language).text;
}

describe.each(['en', 'es'])('the answer where an agent stands (%s)', (language) => {
  test.each(onboardingStages)('%s: is complete, and has no link that grants access', (stage) => {
    const text = mailText({ stage, linkExpiresAt: inMinutes(60) }, language);
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
    expect(text).not.toContain('/register');
    expect(text).toContain('MLMS');
  });
});

describe('the answer tells', () => {
  const { unmet } = noticeData['status-answer'];

  test('an agent who waits which conditions are missing, each with what to do and where', () => {
    const text = mailText({ stage: 'awaiting-eligibility', unmet });
    expect(text).toMatch(/State license: .*Renew it .*https:\/\/nipr\.com/);
    expect(text).toMatch(/CMS agreements: .*Sign the agreements.*https:\/\/portal\.cms\.gov/);
    expect(text).not.toContain('new to the Marketplace');
  });

  test('an agent new to the Marketplace that NIPR takes longer', () => {
    expect(mailText({ stage: 'awaiting-eligibility', unmet, newToMarketplace: true })).toMatch(
      /new to the Marketplace: it may take additional time to verify .* NIPR/,
    );
  });

  test('an invited agent until when the link works, and where it is', () => {
    expect(mailText({ stage: 'invited', linkExpiresAt: inMinutes(120) })).toMatch(
      /valid until Monday, November 23, 2026 at 12:00 PM MST.*does not hold the link/,
    );
  });

  test('an agent whose link has expired how to get another', () => {
    expect(mailText({ stage: 'invitation-expired' })).toMatch(/Open the link .*the page sends you a new one/);
  });

  test('an agent whose invitation failed at a good address when another follows; at a bad one, to correct it', () => {
    const stage = 'invitation-undeliverable';
    const retried = mailText({ stage, retryAt: inMinutes(120) });
    expect(retried).toMatch(/address is good.*another invitation.*Monday, November 23, 2026 at 12:00 PM MST/);
    expect(retried).not.toMatch(/Correct|ask for another/);
    expect(mailText({ stage, retryAt: inMinutes(120) }, 'es')).toMatch(
      /es correcto.*otra invitación.*23 de noviembre de 2026 a las 12:00 p\. m\./,
    );
    expect(mailText({ stage })).toContain('Correct the email address in your MLMS profile');
    expect(mailText({ stage }, 'es')).toContain('Corrija el correo electrónico en su perfil de MLMS');
  });

  test('a registered agent to log in, and nobody else', () => {
    expect(mailText({ stage: 'active', isRegistered: true })).toContain('/login');
    expect(mailText({ stage: 'awaiting-eligibility', unmet })).not.toContain('/login');
  });
});

test('the reminder has the username and where to log in, and no password', () => {
  const words = sentencesIn('en').mail['log-in-reminder'](noticeData['log-in-reminder'], when);
  const { text } = renderMail(words, 'en');
  expect(text).toContain('Your username is: maria.lopez');
  expect(text).toContain('https://www.helpondemand.example/login');
});

import { describe, expect, test } from '@jest/globals';
import { renderMail } from '../../../activities/notifications/templates/render-mail.tsx';
import { type NoticeKind, noticeKinds } from '../../../domain/notifications/notices.ts';
import { catalogs, sentencesIn } from '../../../domain/text/catalog.ts';
import { helpContacts } from '../../../domain/text/help-contacts.ts';
import { linked, mailLink, webLink } from '../../../domain/text/linked.ts';
import { notGovernment } from '../../../domain/text/not-government.ts';
import type { MailSentences, MailWords } from '../../../domain/text/notice-data.ts';
import { noticeData, sampleToken, when } from '../../../scripts/message-samples.ts';

const allKinds = Object.keys(noticeKinds) as NoticeKind[];
const kinds = allKinds.filter((kind): kind is keyof MailSentences => kind in catalogs.en.mail);
const helpDesk = 'FFMProducer-AssisterHelpDesk@cms.hhs.gov';

function mail(language: string, kind: keyof MailSentences): MailWords {
  const write = sentencesIn(language).mail[kind] as (data: unknown, at: typeof when) => MailWords;
  return write(noticeData[kind], when);
}
const rendered = (language: string, kind: keyof MailSentences) => renderMail(mail(language, kind), language);

describe.each(['en', 'es'])('every mail (%s)', (language) => {
  test.each(kinds)('%s: html and text say the same, and whose service it is', (kind) => {
    const { subject, html, text } = rendered(language, kind);
    expect(html).toMatch(new RegExp(`^<!DOCTYPE html[^>]*>.*<html[^>]* lang="${language}"`, 's'));
    expect(html).not.toMatch(/<(script|style|img|link)\b/);
    expect(subject).toMatch(/^[^\n]{10,78}$/);
    for (const part of [html, text]) {
      expect(part).toContain('CMS');
      expect(part).toContain(notGovernment[language as 'en' | 'es']);
    }
  });

  test.each(kinds.filter((kind) => mail(language, kind).action))(
    '%s: html and text lead to one place',
    (kind) => {
      const { html, text } = rendered(language, kind);
      const { action } = mail(language, kind);
      expect(text).toContain(`${action?.label}: ${action?.url}`);
      expect(html).toContain(`href="${action?.url}"`);
    },
  );

  test('has a button, except where there is nothing to do on the portal', () => {
    const without = kinds.filter((kind) => !mail(language, kind).action);
    expect(without.toSorted()).toEqual([
      'address-changed',
      'contact-change-code',
      'contact-changed',
      'invitation-late',
      'offer-taken',
    ]);
  });

  test.each(kinds.filter((kind) => noticeKinds[kind].to === 'agent'))(
    '%s: an agent reads of the spam folder and of the help desk',
    (kind) => {
      const { html, text } = rendered(language, kind);
      expect(text).toMatch(/spam/);
      expect(text).toContain(helpDesk);
      expect(html).toContain(`href="mailto:${helpDesk}"`);
    },
  );
});

describe('what the guide asks for', () => {
  test('the invitation has a unique link, valid for 48 hours, and what to do with it', () => {
    const { text } = rendered('en', 'invitation');
    expect(text).toContain(`/register#${sampleToken}`);
    expect(text).toContain('48 hours, until Wednesday, November 25, 2026 at 10:00 AM MST');
    expect(text).toMatch(/phone number, preferred contact method and ZIP code/);
    expect(text).toMatch(/cell phone, not a landline/);
    expect(text).toMatch(/Terms of Use and select Sign Up/);
    expect(text).toMatch(/MLMS profile.*https:\/\/portal\.cms\.gov/s);
  });

  test('the confirmation says that the registration is almost complete, where to log in, and to be saved', () => {
    const { subject, text } = rendered('en', 'registration-confirmed');
    expect(subject).toContain('almost complete');
    expect(text).toMatch(/save this email.*\/login/s);
    expect(text).toContain('accept the Help On Demand Agents and Brokers Terms of Use');
    expect(text).toContain('you receive no referrals');
  });

  test('an active agent is asked to review contact information, languages and states', () => {
    const { text } = rendered('en', 'active');
    expect(text).toContain('Contact information');
    expect(text).toContain('Languages you speak: English and Spanish');
    expect(text).toContain('States where you would like to receive referrals: AZ and TX');
    expect(rendered('es', 'active').text).toContain('inglés y español');
  });

  test('a suspended agent reads which conditions, what to do and where', () => {
    const { text } = rendered('en', 'suspended');
    expect(text).toMatch(/State license: .*Renew it .*https:\/\/nipr\.com/);
    expect(text).toMatch(/Held by the operations team\. Please write to the help desk/);
  });

  test('an agent on hold reads whom to ask, and is sent to no registry; the end of the hold is told as such', () => {
    for (const [language, desk] of [
      ['en', 'write to the help desk'],
      ['es', 'escriba al centro de ayuda'],
    ] as const) {
      const { text } = rendered(language, 'held');
      expect(text).toContain(`${desk}: ${helpContacts.helpDesk}`);
      for (const told of [text, rendered(language, 'released').text])
        expect(told).not.toMatch(/plan year|año del plan|registries|registros|is missing|Falta algo/);
    }
    expect(rendered('en', 'released').text).toContain('please log in, read and accept:');
  });

  test('the contact preferences are the four of the guide, with its advice and its warning', () => {
    const preferences = Object.values(catalogs.en.contactPreference);
    expect(preferences.map(({ label }) => label)).toEqual([
      'Email, Text & App Notification',
      'Email & Text',
      'Email & App Notification',
      'Email Only',
    ]);
    expect(catalogs.en.contactPreference['email-text-app'].advice).toMatch(/^Recommended/);
    expect(catalogs.en.contactPreference.email.advice).toMatch(/delays and lost referrals/);
  });

  test('each condition leads to the page where the guide sends agents for it', () => {
    const portal = 'https://portal.cms.gov';
    const nipr = 'https://nipr.com/help/look-up-your-npn';
    for (const { condition } of Object.values(catalogs)) {
      expect(Object.fromEntries(Object.entries(condition).map(([name, { url }]) => [name, url]))).toEqual({
        'marketplace-registration': portal,
        'marketplace-training': portal,
        'cms-agreements': portal,
        'help-on-demand-coursework': portal,
        'nipr-profile-validated': nipr,
        'npn-valid': 'https://data.healthcare.gov/ab-registration-tracker/',
        'not-terminated': 'https://data.healthcare.gov/ffm_ab_registration_lists',
        'individual-npn': portal,
        'licensed-with-health-line': nipr,
      });
    }
  });

  test('a consumer whom nobody can help reads where else help is, and may ask again', () => {
    for (const text of [rendered('en', 'unmatched').text, sayText('en', 'unmatched')]) {
      expect(text).toContain('1-800-318-2596');
      expect(text).toContain('1-855-889-4325');
      expect(text).toContain('711');
      expect(text).toMatch(/ask.* again/i);
    }
  });

  test.each(['en', 'es'])(
    'a consumer whose number was wrong reads just that, and how to ask again (%s)',
    (language) => {
      const { mail: mails, text } = sentencesIn(language);
      const data = { ...noticeData.unmatched, contactWrong: true };
      const said = text.unmatched(data, when);
      expect(said).toMatch(gsm7);
      expect(said.length).toBeLessThanOrEqual(2 * 153);
      for (const words of [JSON.stringify(mails.unmatched(data, when)), said]) {
        expect(words).toMatch(language === 'en' ? /could not reach you/ : /no pudo comunicarse con usted/);
        expect(words).not.toMatch(language === 'en' ? /free/ : /libre/);
        for (const place of ['1-800-318-2596', '1-855-889-4325', '711', data.askUrl])
          expect(words).toContain(place);
      }
    },
  );

  test('a consumer reads who will call, with the NPN and until when', () => {
    const { text } = rendered('en', 'agent-found');
    for (const language of ['en', 'es']) {
      const said = `${sayText(language, 'agent-found')} ${rendered(language, 'agent-found').text}`;
      expect(said).toMatch(
        /NPN 1234567890, licen(se|cia) AZ 00123456.*(license|licencia) 00123456 (in|en) AZ/s,
      );
      expect(said).toMatch(/711.*711/s);
    }
    expect(text).toMatch(/Maria Lopez.*1234567890.*by Monday, November 23, 2026 at 11:00 AM MST/);
  });
});

describe('an offer', () => {
  test('shows ZIP, city, language, need and until when', () => {
    const { text } = rendered('en', 'offer');
    for (const detail of [
      '85001 Phoenix, AZ',
      'Spanish',
      'Coverage after a life event',
      '10:15 AM MST',
      '/offer/',
    ]) {
      expect(text).toContain(detail);
    }
    const push = catalogs.en.push.offer(noticeData.offer, when);
    expect(`${push.title} ${push.body}`).toMatch(/Phoenix, AZ.*85001.*Spanish.*10:15 AM MST/);
  });

  test('has the replies that answer it and its own link in its text, and never a word that opts out', () => {
    expect(sayText('en', 'offer')).toContain('A 4821 to accept or D 4821 to decline');
    expect(sayText('en', 'offer')).toContain(noticeData.offer.answerUrl);
    expect(sayText('en', 'offer')).not.toMatch(/\b(yes|stop|cancel|end|quit|start|help(?! on demand))\b/i);
  });
});

/** The characters of GSM 03.38's basic set that occur in Latin text; `~ ^ { } [ ] | \ €` would count twice. */
const gsm7 = /^[@£$¥èéùìòÇØøÅåΔ_ÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\n]*$/;

describe.each(['en', 'es'])('every text message (%s)', (language) => {
  test.each(Object.keys(catalogs.en.text) as NoticeKind[])('%s fits into two segments of GSM-7', (kind) => {
    const text = sayText(language, kind);
    expect(text).toMatch(gsm7);
    expect(text.length).toBeLessThanOrEqual(2 * 153);
    expect(text).toMatch(/^Help On Demand: /);
  });
});

describe('only what a sentence says is a link becomes one', () => {
  test('its own addresses do, and a value in the same sentence does not', () => {
    const value = 'https://prize.example/win or x@prize.example';
    const words = {
      subject: 'Links',
      paragraphs: [
        linked`See ${webLink('https://a.example/b?c=d')}, or (${mailLink('a.b@c.example')}), not ${value}.`,
        [linked`At ${webLink('https://a.example/list')}.`, value],
        value,
      ],
      afterAction: [value],
      footer: [value],
    };
    const { html, text } = renderMail(words, 'en');
    expect(html.match(/href="[^"]*"/g)).toEqual([
      'href="https://a.example/b?c=d"',
      'href="mailto:a.b@c.example"',
      'href="https://a.example/list"',
    ]);
    expect(text).toContain('See https://a.example/b?c=d, or (a.b@c.example), not');
  });

  test('the text has an address behind other words, a list, and no line break of a value', () => {
    const named = { parts: ['Open ', { href: 'https://a.example/b', shown: 'the page' }, '.'] };
    const words = {
      subject: 'The subject',
      paragraphs: [named, ['one', 'two\n * three'], 'four\n\nfive'],
      action: { label: 'Log in', url: 'https://a.example/login' },
      afterAction: ['after'],
      footer: ['one footer', 'two footers'],
    };
    expect(renderMail(words, 'en').text).toBe(
      'Help On Demand\n\n\nThe subject\n\nOpen the page https://a.example/b.\n\n * one\n * two * three\n\n' +
        'four five\n\nLog in: https://a.example/login\n\nafter\n\none footer\n\ntwo footers',
    );
  });

  test.each(['en', 'es'])('in every mail, whatever its values hold (%s)', (language) => {
    const evil = 'https://prize.example/win www.prize.example x@prize.example';
    for (const kind of kinds) {
      const write = sentencesIn(language).mail[kind] as (data: unknown, at: typeof when) => MailWords;
      const { html } = renderMail(write(evilIn(noticeData[kind], evil), when), language);
      for (const link of html.match(/href="[^"]*"/g) ?? []) expect(link).not.toContain('prize.example');
    }
  });
});

test('a person’s name cannot become markup', () => {
  const words = catalogs.en.mail.invitation({ ...noticeData.invitation, firstName: '<b>Bo</b>' }, when);
  expect(renderMail(words, 'en').html).toContain('&lt;b&gt;Bo');
});

/** Replaces every text of a person or a feed in the data of a notice. */
function evilIn(value: unknown, evil: string): unknown {
  if (Array.isArray(value)) return value.map((item) => evilIn(item, evil));
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typed.has(key) && typeof inner === 'string' ? evil : evilIn(inner, evil),
    ]),
  );
}
const typed = new Set([
  'firstName',
  'consumerName',
  'agentName',
  'username',
  'number',
  'city',
  'evidence',
  'npn',
]);

function sayText(language: string, kind: NoticeKind): string {
  const { text } = sentencesIn(language);
  const say = text[kind as keyof typeof text] as (data: unknown, at: typeof when) => string;
  return say(noticeData[kind], when);
}

test.each(['en', 'es'])(
  'a next try that is over by the time its message goes out is not announced (%s)',
  (language) => {
    const sentences = sentencesIn(language);
    const about = noticeData['agent-tried'];
    const later = { ...when, now: about.nextTryAt };
    for (const write of [
      (at: typeof when) => JSON.stringify(sentences.mail['agent-tried'](about, at)),
      (at: typeof when) => sentences.text['agent-tried'](about, at),
    ]) {
      expect(write(when)).toMatch(/again by|de nuevo/);
      expect(write(later)).not.toMatch(/again by|de nuevo/);
    }
  },
);

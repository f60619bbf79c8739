import { expect, test } from '@jest/globals';
import type { Offer } from '../../api/schemas/referrals/offers.ts';
import { en } from '../../domain/text/en.ts';
import { ApiProblem } from '../../portal/src/api/problem.ts';
import { lateAnswerText } from '../../portal/src/pages/agent/inbox/late-answer.ts';
import { mailLink } from '../../portal/src/pages/agent/inbox/mail-link.ts';
import { changesOf } from '../../portal/src/pages/agent/inbox/use-offers.ts';

const when = { now: new Date('2026-11-23T17:30:00Z'), timeZone: 'America/Denver' };
const refusal = (kind: string, more: object = {}) =>
  new ApiProblem({
    type: `urn:help-on-demand:problem:${kind}`,
    title: 'The offer has ended',
    status: 409,
    ...more,
  });
const lateText = (problem: ApiProblem) => lateAnswerText(problem, en, when);
const offer = (id: string) => ({ id }) as Offer;
const at = '2026-11-23T17:15:00.000Z';

test('the link to write to a consumer has their address, and nothing that it says besides', () => {
  expect(mailLink('alma.reyes@example.com')).toBe('mailto:alma.reyes@example.com');
  expect(mailLink('x?bcc=all@example.org')).toBe('mailto:x%3Fbcc%3Dall@example.org');
  expect(mailLink('hana%0A&body=hi@bücher.example')).toBe('mailto:hana%250A%26body%3Dhi@bücher.example');
});

test('a late answer shows how the offer ended and when', () => {
  expect(lateText(refusal('offer-ended', { at, end: 'withdrawn' }))).toBe(
    'The consumer withdrew the request at 10:15 AM MST. Please do not contact the consumer.',
  );
});

test('an answer at the deadline, before the end is recorded, shows that the time was over', () => {
  expect(lateText(refusal('offer-ended', { at }))).toBe(
    'The time to answer ended at 10:15 AM MST; we are asking another agent.',
  );
  expect(lateText(refusal('offer-ended', { at, end: 'one-of-a-newer-version' }))).toContain('10:15 AM MST');
});

test('another refusal has no text of a late answer', () => {
  expect(lateText(refusal('offer-busy'))).toBe(undefined);
});

test('new and removed offers are found without those that this page answered', () => {
  const { arrived, gone } = changesOf(
    [offer('a'), offer('b'), offer('c')],
    [offer('c'), offer('d')],
    new Set(['a']),
  );
  expect([arrived.map(({ id }) => id), gone.map(({ id }) => id)]).toEqual([['d'], ['b']]);
});

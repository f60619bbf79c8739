import type { OnboardingResponse } from '../../../../../api/schemas/onboarding/onboarding.ts';
import type { Words } from '../../../words/words.ts';

type Condition = OnboardingResponse['conditions'][number];

/**
 * Describes the evidence of a condition: dates in written form, and the meaning of codes in the feeds. A value in an
 * unknown format is shown as it is.
 */
export function evidenceText(condition: Condition, words: Words, language: string): string {
  const { name, evidence } = condition;
  const text = words.onboarding.evidenceWords;
  if (evidence === null) return text.none[name] ?? words.onboarding.noEvidence;
  const day = (date: string) => (date === '–' ? text.openDate : dayText(date, language));
  switch (name) {
    case 'marketplace-registration': {
      const [from, to] = evidence.split('/');
      return from && to ? text.from(day(from), day(to)) : evidence;
    }
    case 'npn-valid':
      return text.npnListed[evidence] ?? evidence;
    case 'not-terminated': {
      const [status, date] = evidence.split(' ');
      return status && date ? text.status(status, day(date)) : evidence;
    }
    case 'licensed-with-health-line':
      return condition.met
        ? text.states(evidence.split(' ').join(', '))
        : evidence.replaceAll(/\d{4}-\d\d-\d\d/g, day);
    case 'individual-npn':
      return evidence;
    case 'marketplace-training':
    case 'cms-agreements':
    case 'help-on-demand-coursework':
    case 'nipr-profile-validated':
    default:
      return text.on(day(evidence));
  }
}

/** Formats a calendar date as `October 12, 2026`; other text stays as it is. */
function dayText(date: string, language: string): string {
  const instant = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(instant.getTime())) return date;
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(instant);
}

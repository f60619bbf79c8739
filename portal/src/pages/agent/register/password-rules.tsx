import {
  guessableFaults,
  type PasswordFault,
  type PasswordOwner,
  passwordFaults,
} from '../../../../../domain/accounts/password.ts';
import { Status } from '../../../layout/status.tsx';
import { useText } from '../../../portal-context.tsx';

/** Rules that are always shown, in the order of docs/guide.md. Others are shown only when broken. */
const shownRules: readonly PasswordFault[] = [
  'too-short',
  'no-upper-case',
  'no-lower-case',
  'no-special',
  'no-digit',
  'repeated',
  'sequence',
  'space',
  'personal',
];

/**
 * Finds the broken rules that can be checked in the browser. The list of common passwords is only in the service; the
 * service's own name is checked here too.
 */
export function knownFaults(password: string, owner: PasswordOwner): PasswordFault[] {
  return [...passwordFaults(password), ...guessableFaults(password, { common: new Set(), owner })];
}

/** How a rule looks, and what a screen reader hears before it. */
const marks = {
  met: { mark: '✓', said: 'met', look: 'ds-u-color--success' },
  broken: { mark: '✕', said: 'broken', look: 'ds-u-color--error' },
  open: { mark: '○', said: undefined, look: undefined },
} as const;

export interface PasswordRulesProps {
  password: string;
  owner: PasswordOwner;
  id: string;
  /** The person has left the field or sent the form: what is broken then is a mistake, and not work in progress. */
  isJudged: boolean;
}

/** Lists the rules: neutral at first, checked as soon as the typed password follows one, red once broken ones are judged. */
export function PasswordRules({ password, owner, id, isJudged }: PasswordRulesProps) {
  const { sentences, words } = useText();
  const text = words.register.password;
  const faults = new Set(knownFaults(password, owner));
  // an empty password breaks no rule about repetition, but should not look right
  const isMet = (rule: PasswordFault) => password !== '' && !faults.has(rule);
  const isBroken = (rule: PasswordFault) => isJudged && password !== '' && faults.has(rule);
  const rules = [...shownRules, ...(['too-long', 'common'] as const).filter((rule) => faults.has(rule))];
  const met = rules.filter(isMet).length;
  return (
    <div id={id} className="ds-u-margin-top--2">
      <p className="ds-u-margin--0">{text.rules}</p>
      <ul className="hod-rules">
        {rules.map((rule) => {
          const { mark, said, look } = isMet(rule) ? marks.met : isBroken(rule) ? marks.broken : marks.open;
          return (
            <li key={rule} className={look}>
              <span className="hod-mark" aria-hidden="true">
                {mark}
              </span>
              <span>
                {said && <span className="ds-u-visibility--screen-reader">{text[said]} </span>}
                {sentences.passwordFault[rule]}
              </span>
            </li>
          );
        })}
      </ul>
      <p className="ds-text-body--sm ds-u-margin-top--1 ds-u-margin-bottom--0">{text.common}</p>
      <Status hidden>{password === '' ? '' : text.count(met, rules.length)}</Status>
    </div>
  );
}

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

/** Lists the rules, each with a mark if the typed password follows it. */
export function PasswordRules({
  password,
  owner,
  id,
}: {
  password: string;
  owner: PasswordOwner;
  id: string;
}) {
  const { sentences, words } = useText();
  const text = words.register.password;
  const faults = new Set(knownFaults(password, owner));
  // an empty password breaks no rule about repetition, but should not look right
  const isMet = (rule: PasswordFault) => password !== '' && !faults.has(rule);
  const rules = [...shownRules, ...(['too-long', 'common'] as const).filter((rule) => faults.has(rule))];
  const met = rules.filter(isMet).length;
  return (
    <div id={id} className="ds-u-margin-top--2">
      <p className="ds-u-margin--0">{text.rules}</p>
      <ul className="hod-rules">
        {rules.map((rule) => (
          <li key={rule}>
            <span className={`hod-mark ${isMet(rule) ? 'ds-u-color--success' : ''}`}>
              {isMet(rule) ? `✓ ${text.met}` : text.unmet}
            </span>
            <span>{sentences.passwordFault[rule]}</span>
          </li>
        ))}
      </ul>
      <p className="ds-text-body--sm ds-u-margin-top--1 ds-u-margin-bottom--0">{text.common}</p>
      <Status hidden>{password === '' ? '' : text.count(met, rules.length)}</Status>
    </div>
  );
}

/**
 * Normalizes a typed username: one Unicode form for every keyboard (NFKC), without the surrounding spaces and invisible
 * characters of a pasted text.
 */
export function cleanUsername(typed: string): string {
  const characters = Array.from(typed.normalize('NFKC'));
  const isOuter = (character: string | undefined) => character !== undefined && /[\s\p{Cf}]/u.test(character);
  let [from, to] = [0, characters.length];
  while (isOuter(characters[from])) from += 1;
  while (to > from && isOuter(characters[to - 1])) to -= 1;
  return characters.slice(from, to).join('');
}

/** Key by which usernames are compared; case does not count. */
export function usernameKey(typed: string): string {
  return cleanUsername(typed).toLowerCase();
}

/** Characters of a new username: 3 to 64 letters, digits or `. _ - +`, and `@`, beginning with a letter or digit. */
export const usernamePattern = /^[A-Za-z0-9][\w.@+-]{2,63}$/;

/** Faults of a username whose characters are all allowed. */
export type UsernameFault = 'like-an-address' | 'reserved';

/**
 * Usernames under which a person could pretend to speak for this service: its operators, its mailboxes (RFC 2142), and
 * the authorities behind it.
 */
const reserved = new Set(
  `abuse account accounts admin administrator admins agency all anonymous api assister bot broker brokers billing care
  centers cms cmsgov compliance consumer contact customer customercare customerservice daemon demand desk donotreply
  enroll enrollment everyone federal ffm gov government guest healthcare healthcaregov hello help helpdesk helpondemand
  hhs hhsgov hod hostmaster info insurance it login logout mail mailer mailerdaemon manager marketplace medicaid medicare
  mlms mod moderator news nipr nobody noc noreply null of official on operations operator ops owner password
  postmaster privacy referral referrals register reply root security self service services staff super
  superuser support sys sysadmin system team tech the undefined user username usgov verification verify webmaster www`
    .split(/\s+/)
    .map(skeleton),
);

/** Returns the fault of a username; undefined if it has none. */
export function usernameFault(username: string): UsernameFault | undefined {
  const key = usernameKey(username);
  if (/@|\.(com|org|net|gov|edu|mil|info)$/.test(key)) return 'like-an-address';
  return [key, key.replaceAll(/[0134578]/g, (digit) => letterOf[digit] ?? digit)].some(speaksForService)
    ? 'reserved'
    : undefined;
}

const letterOf: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
};

/** True when a name consists of reserved words and digits only, or contains the name of the service. */
function speaksForService(name: string): boolean {
  const words = name.split(/[^a-z]+/).filter(Boolean);
  const joined = skeleton(words.join(''));
  return (
    joined.includes(skeleton('helpondemand')) ||
    reserved.has(joined) ||
    (words.length > 0 && words.every((word) => reserved.has(skeleton(word))))
  );
}

/** Replaces letters that look alike at a glance: `l` becomes `i`, `rn` becomes `m`, `vv` becomes `w`. */
function skeleton(word: string): string {
  return word.replaceAll('l', 'i').replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/**
 * Returns the address that begins a mail to somebody (RFC 6068). An address may hold `?`, `&` and `=`, with which it would add
 * recipients and words to the mail.
 */
export function mailLink(email: string): string {
  const at = email.lastIndexOf('@');
  return `mailto:${encodeURIComponent(email.slice(0, at))}${email.slice(at)}`;
}

import { type AddressObject, simpleParser } from 'mailparser';

/** A mail as described by a `SendEmail` or `SendRawEmail` request. */
export interface SesMail {
  from: string;
  recipients: string[];
  subject: string;
  text: string;
  html?: string;
  tags: Record<string, string>;
}

/** Parameters of the Query protocol: nested names are joined with dots, lists count from 1. */
export type QueryParameters = Record<string, string | undefined>;

/** Reads a `SendRawEmail`: parses the MIME; the recipients come from `Destinations`, or else from its headers. */
export async function rawMailOf(parameters: QueryParameters): Promise<SesMail> {
  const mime = await simpleParser(Buffer.from(parameters['RawMessage.Data'] ?? '', 'base64'), {
    skipTextToHtml: true,
  });
  const named = listOf(parameters, 'Destinations');
  return {
    from: parameters['Source'] ?? displayed(mime.from),
    recipients: named.length > 0 ? named.map(bareAddress) : [mime.to, mime.cc, mime.bcc].flatMap(addressesOf),
    subject: mime.subject ?? '',
    text: mime.text?.trimEnd() ?? '',
    ...(typeof mime.html === 'string' && { html: mime.html }),
    tags: tagsOf(parameters),
  };
}

/** Reads a `SendEmail`, for which SES builds the MIME itself. */
export function simpleMailOf(parameters: QueryParameters): SesMail {
  const html = parameters['Message.Body.Html.Data'];
  return {
    from: parameters['Source'] ?? '',
    recipients: ['To', 'Cc', 'Bcc']
      .flatMap((kind) => listOf(parameters, `Destination.${kind}Addresses`))
      .map(bareAddress),
    subject: parameters['Message.Subject.Data'] ?? '',
    text: parameters['Message.Body.Text.Data'] ?? '',
    ...(html !== undefined && { html }),
    tags: tagsOf(parameters),
  };
}

function listOf(parameters: QueryParameters, name: string): string[] {
  const found: string[] = [];
  for (let index = 1; ; index += 1) {
    const value = parameters[`${name}.member.${index}`];
    if (value === undefined) return found;
    found.push(value);
  }
}

function tagsOf(parameters: QueryParameters): Record<string, string> {
  const names = Object.keys(parameters).filter((key) => /^Tags\.member\.\d+\.Name$/.test(key));
  return Object.fromEntries(
    names.map((key) => [parameters[key], parameters[key.replace(/Name$/, 'Value')] ?? '']),
  );
}

/** Formats a sender as `Name <address>`, without the quotes that MIME may put around a name. */
function displayed(field: AddressObject | undefined): string {
  const [first] = field?.value ?? [];
  const address = first?.address ?? '';
  return first?.name ? `${first.name} <${address}>` : address;
}

const bareAddress = (address: string) => /<([^>]*)>\s*$/.exec(address)?.[1] ?? address.trim();

function addressesOf(field: AddressObject | AddressObject[] | undefined): string[] {
  const fields = field === undefined ? [] : [field].flat();
  return fields.flatMap(({ value }) => value.flatMap(({ address }) => (address ? [address] : [])));
}

/** Checks an address as SES does before it accepts a mail. @returns SES's error message */
export function addressFault(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1) return "Missing final '@domain'";
  const domain = address.slice(at + 1);
  // SES reports any non-ASCII character in a local part with this message
  if (/[^!-~]/.test(address.slice(0, at))) return 'Local address contains control or whitespace';
  if (/[\s\p{Cc}]/u.test(domain)) return 'Domain contains control or whitespace';
  return /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(domain) ? undefined : 'Domain contains illegal character';
}

import { randomUUID } from 'node:crypto';

const namespace = 'http://ses.amazonaws.com/doc/2010-12-01/';

const escaped = (text: string) => text.replace(/[<>&'"]/g, (character) => `&#${character.codePointAt(0)};`);

/** Builds a response of SES's Query protocol from text fields. */
export function sesAnswer(action: string, fields: Record<string, string>): string {
  const content = Object.entries(fields).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  return (
    `<${action}Response xmlns="${namespace}"><${action}Result>${content.join('')}</${action}Result>` +
    `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`
  );
}

/** The HTTP status and message of each SES error code. */
const errors: Record<string, { status: number; sentence: string }> = {
  Throttling: { status: 400, sentence: 'Maximum sending rate exceeded.' },
  MessageRejected: { status: 400, sentence: 'Email message rejected.' },
  InvalidParameterValue: { status: 400, sentence: "Missing final '@domain'" },
  InvalidAction: { status: 400, sentence: 'The action or operation requested is invalid.' },
  MissingAuthenticationToken: { status: 403, sentence: 'Request is missing Authentication Token' },
  InvalidClientTokenId: { status: 403, sentence: 'The security token included in the request is invalid.' },
  AccountSendingPausedException: { status: 400, sentence: 'Email sending is disabled for this account.' },
  InternalFailure: { status: 500, sentence: 'The request processing has failed.' },
  ServiceUnavailable: { status: 503, sentence: 'The request has failed due to a temporary failure.' },
};

/** Builds an error of SES's Query protocol. @param message replaces SES's usual message */
export function sesError(code: string, message?: string): { status: number; xml: string } {
  const { status, sentence } = errors[code] ?? { status: 400, sentence: 'The request failed.' };
  const xml =
    `<ErrorResponse xmlns="${namespace}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
    `<Code>${escaped(code)}</Code><Message>${escaped(message ?? sentence)}</Message></Error>` +
    `<RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
  return { status, xml };
}

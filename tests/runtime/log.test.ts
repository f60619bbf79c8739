import { expect, test } from '@jest/globals';
import { createLog, type Log } from '../../runtime/log.ts';

function linesOf(write: (log: Log) => void): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  write(createLog('test', { destination }));
  return lines;
}

test('ids, stages and NPNs are logged, personal data at any depth is not', () => {
  const [line] = linesOf((log) =>
    log.info(
      { npn: '12345', stage: 'active', agent: { firstName: 'Ada', contact: [{ email: 'ada@example.com' }] } },
      'Reviewed',
    ),
  );
  expect(line).toMatchObject({ name: 'test', level: 'info', msg: 'Reviewed', npn: '12345', stage: 'active' });
  expect(JSON.stringify(line)).not.toMatch(/Ada|example/);
});

test('a message or an error that quotes a person does not do so in the log', () => {
  const cause = new Error('Key (phone)=(+15555550123) already exists');
  const error = new TypeError('No mail to ada@example.com', { cause });
  const [line] = linesOf((log) =>
    log.error({ err: error }, 'Calling (555) 555-0142 failed: http://a.test/r?token=abc'),
  );
  expect(line).toMatchObject({ err: { type: 'TypeError', message: 'No mail to [email]' } });
  const text = JSON.stringify(line);
  expect(text).toContain('Calling [phone] failed: http://a.test/r');
  expect(text).not.toMatch(/ada@|5550123|555-0142|abc/);
});

test('details of Postgres errors are not logged: they quote values of the row', () => {
  const message = 'invalid input syntax for type date: "Wilma\nQuimby"';
  const error = Object.assign(new Error(message), {
    severity: 'ERROR',
    code: '22P02',
    detail: 'Failing row contains (Wilma, 85004).',
    table: 'agents',
    column: 'left_at',
  });
  const [line] = linesOf((log) => log.error({ err: new Error('No answer', { cause: error }) }, 'Failed'));
  const cause = { code: '22P02', table: 'agents', column: 'left_at', stack: expect.stringMatching(/^at /) };
  expect(line).toMatchObject({ err: { message: 'No answer', cause } });
  expect(JSON.stringify(line)).not.toMatch(/Wilma|Quimby|85004/);
});

test('the bindings of a child logger are redacted alike', () => {
  const [line] = linesOf((log) => log.child({ referralId: 'r1', zip: '12345' }).warn('Slow'));
  expect(line).toMatchObject({ referralId: 'r1', zip: '[removed]' });
});

test('a request is left to the serializer that knows what may be logged', () => {
  const request = new URL('http://a.test/v1/offers?token=abc');
  const lines: string[] = [];
  const log = createLog('test', { destination: { write: (line: string) => void lines.push(line) } });
  log.child({}, { serializers: { req: (url: URL) => url.pathname } }).info({ req: request }, 'Answered');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ req: '/v1/offers' });
});

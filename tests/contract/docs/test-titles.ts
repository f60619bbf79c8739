import { readFileSync } from 'node:fs';
import { type Expression, parseSync } from '@swc/core';

/** A test as its file writes it. `literals` stand in the tables of its `each`, from which titles are filled in. */
interface WrittenTest {
  title: string;
  literals: ReadonlySet<string>;
}

/** The tests of a file by their full titles, as Jest takes them: what they are described under, then their own. */
export function testsIn(path: string): WrittenTest[] {
  const { body } = parseSync(readFileSync(path, 'utf8'), { syntax: 'typescript', target: 'es2023' });
  return body.flatMap((statement) => found(statement, { title: '', literals: new Set() }));
}

/** Whether a test has this full title, word for word or with `%s` and its kind filled in from its table. */
export function isTitled(wanted: string, { title, literals }: WrittenTest): boolean {
  if (wanted === title) return true;
  const pieces = title.split(/%[sdij]/);
  if (pieces.length === 1) return false;
  const pattern = pieces
    .map((piece) => piece.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))
    .join('(.+)');
  const filled = new RegExp(`^${pattern}$`, 's').exec(wanted)?.slice(1);
  return filled?.every((text) => literals.has(text)) ?? false;
}

function found(node: unknown, under: WrittenTest): WrittenTest[] {
  if (Array.isArray(node)) return node.flatMap((inner) => found(inner, under));
  if (typeof node !== 'object' || node === null) return [];
  const call = asTest(node as Expression);
  if (!call) return Object.values(node).flatMap((inner) => found(inner, under));
  const here = {
    title: `${under.title} ${call.title}`.trim(),
    literals: new Set([...under.literals, ...literalsIn(call.table)]),
  };
  return call.name === 'test' ? [here] : found(call.body, here);
}

/** `test('…', …)`, `describe('…', …)`, and each of them with a table: `test.each([…])('…', …)`. */
function asTest(node: Expression) {
  if (node.type !== 'CallExpression') return undefined;
  const [first, ...body] = node.arguments.map(({ expression }) => expression);
  if (first?.type !== 'StringLiteral') return undefined;
  const { callee } = node;
  const table = callee.type === 'CallExpression' ? callee.arguments : [];
  const named = callee.type === 'CallExpression' ? callee.callee : callee;
  const root = named.type === 'MemberExpression' ? named.object : named;
  if (root.type !== 'Identifier' || !['test', 'describe'].includes(root.value)) return undefined;
  return { name: root.value, title: first.value, table, body };
}

function literalsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(literalsIn);
  if (typeof node !== 'object' || node === null) return [];
  const { type, value } = node as { type?: string; value?: unknown };
  if (type === 'StringLiteral' || type === 'NumericLiteral') return [String(value)];
  return Object.values(node).flatMap(literalsIn);
}

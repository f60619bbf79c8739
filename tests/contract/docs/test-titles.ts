import { readFileSync } from 'node:fs';
import { type Expression, parseSync } from '@swc/core';

/** A test as written in its file. `literals` are those of its `each` table, which fill in the title. */
interface WrittenTest {
  title: string;
  literals: ReadonlySet<string>;
}

/** Reads the tests of a file with their full titles as Jest forms them: the titles of their blocks, then their own. */
export function testsIn(path: string): WrittenTest[] {
  const { body } = parseSync(readFileSync(path, 'utf8'), { syntax: 'typescript', target: 'es2023' });
  return body.flatMap((statement) => testsBelow(statement, { title: '', literals: new Set() }));
}

/** True where a test has this full title, exactly or with `%s` and similar filled in from its table. */
export function isTitled(wanted: string, { title, literals }: WrittenTest): boolean {
  if (wanted === title) return true;
  const pieces = title.split(/%[sdij]/);
  if (pieces.length === 1) return false;
  const pattern = pieces
    .map((piece) => piece.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))
    .join('(.+)');
  const values = new RegExp(`^${pattern}$`, 's').exec(wanted)?.slice(1);
  return values?.every((text) => literals.has(text)) ?? false;
}

function testsBelow(node: unknown, under: WrittenTest): WrittenTest[] {
  if (Array.isArray(node)) return node.flatMap((inner) => testsBelow(inner, under));
  if (typeof node !== 'object' || node === null) return [];
  const call = asTest(node as Expression);
  if (!call) return Object.values(node).flatMap((inner) => testsBelow(inner, under));
  const here = {
    title: `${under.title} ${call.title}`.trim(),
    literals: new Set([...under.literals, ...literalsIn(call.table)]),
  };
  return call.name === 'test' ? [here] : testsBelow(call.body, here);
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

import { type Html, html, join, raw, textOf } from './html.ts';

/** The parts of JSON Schema that the document uses. */
export interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: boolean | Schema;
  required?: readonly string[];
  description?: string;
  [limit: string]: unknown;
}

const limits = [
  'format',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'default',
] as const;

/** The type of a value in a few words, with links to the schemas that have names, and its limits. */
export function typeOf(schema: Schema): Html {
  const shown = limits.filter((limit) => schema[limit] !== undefined);
  const added = shown.map((limit) => html`<code>${limit} ${String(schema[limit])}</code>`);
  return raw([nameOf(schema).html, ...added.map((piece) => piece.html)].join(' '));
}

function nameOf(schema: Schema): Html {
  const { $ref, type, items, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? $ref;
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) return one(schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return one(choices.map(typeOf));
  if (schema.allOf) return raw(schema.allOf.map((part) => typeOf(part).html).join(' and '));
  if (items) return html`list of ${typeOf(items)}`;
  if (typeof additionalProperties === 'object') return html`map of ${typeOf(additionalProperties)}`;
  return html`${[type ?? 'anything'].flat().join(' or ')}`;
}

const one = (choices: readonly Html[]) => raw(choices.map((choice) => choice.html).join(' or '));

/** The members of an object, also of one in a list or among others. */
export function facts(schema: Schema): Html {
  const { properties = {}, required = [], items } = schema;
  const within = [...(schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []), ...(items ? [items] : [])];
  const members = Object.entries(properties).map(
    ([name, member]) =>
      html`<dt><code>${name}</code></dt><dd>${required.includes(name) ? 'required: ' : ''}${typeOf(member)} ${textOf(member.description)}${facts(member)}</dd>`,
  );
  return raw(`${members.length > 0 ? `<dl>${join(members).html}</dl>` : ''}${join(within.map(facts)).html}`);
}

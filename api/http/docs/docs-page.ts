import { notGovernment } from '../../../domain/text/not-government.ts';
import type { OpenApiDocument } from '../../openapi.ts';
import { type Html, html, join, raw, textOf } from './html.ts';
import { facts, type Schema, typeOf } from './schema-text.ts';

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: readonly [string];
  security: readonly Readonly<Record<string, unknown>>[];
  parameters?: readonly {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema: Schema;
  }[];
  requestBody?: { content: Content };
  responses: Readonly<Record<string, { description: string; content?: Content }>>;
}
type Content = Readonly<Record<string, { schema: Schema }>>;

interface Described {
  method: string;
  path: string;
  operation: Operation;
}

/**
 * Renders the OpenAPI document as one page without scripts: each route and each schema folds out, links lead from routes to
 * their schemas, and the browser's own search finds everything.
 */
export function renderDocs(document: OpenApiDocument): string {
  const operations = operationsOf(document);
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0]))];
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>);
  const { title, description } = document.info;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API | ${title}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><p>${notGovernment.en}</p><a href="/">${title}</a></header>
<main>
<h1>API of ${title}</h1>
<p>${textOf(description)}</p>
<p>All of this for programs: <a href="/openapi.json">openapi.json</a> (OpenAPI ${document.openapi}).</p>
<nav aria-label="Subjects"><ul>
${join(tags.map((tag) => html`<li><a href="#${tag}">${tag}</a></li>`))}
<li><a href="#schemas">Schemas</a></li>
</ul></nav>
${join(
  tags.map(
    (tag) => html`<section aria-labelledby="${tag}">
<h2 id="${tag}">${tag}</h2>
${join(operations.filter(({ operation }) => operation.tags[0] === tag).map(describeOperation))}
</section>`,
  ),
)}
<section aria-labelledby="schemas">
<h2 id="schemas">Schemas</h2>
${join(schemas.map(describeSchema))}
</section>
</main>
</body>
</html>
`;
  return page.html;
}

function operationsOf({ paths = {} }: OpenApiDocument): Described[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Readonly<Record<string, Operation>>).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
}

function describeOperation({ method, path, operation }: Described): Html {
  const { operationId, summary, description, security, parameters = [], requestBody, responses } = operation;
  const schemes = security.flatMap((scheme) => Object.keys(scheme));
  return html`<details>
<summary><code><b>${method}</b> ${path}</code> ${summary}</summary>
<h3 id="${operationId}">${summary}</h3>
${description === undefined ? raw('') : html`<p>${textOf(description)}</p>`}
<p>${schemes.length === 0 ? 'For everybody.' : `Needs: ${schemes.join(' or ')}.`}
${method === 'GET' && !path.includes('{') ? html`<a href="${path}">Open it in this browser</a>` : raw('')}</p>
${parameters.length === 0 ? raw('') : html`<h4>Parameters</h4>${parameterList(parameters)}`}
${requestBody === undefined ? raw('') : html`<h4>Body</h4>${contentOf(requestBody.content)}`}
<h4>Answers</h4>
<dl>
${join(
  Object.entries(responses).map(
    ([status, answer]) =>
      html`<dt>${status}</dt><dd><p>${textOf(answer.description)}</p>${answer.content && status < '300' ? contentOf(answer.content) : raw('')}</dd>`,
  ),
)}
</dl>
</details>
`;
}

function parameterList(parameters: NonNullable<Operation['parameters']>): Html {
  return html`<dl>${join(
    parameters.map(
      ({ name, in: place, required, description, schema }) =>
        html`<dt><code>${name}</code></dt><dd>${place}${required ? ', required' : ''}: ${typeOf(schema)} ${textOf(description ?? '')}</dd>`,
    ),
  )}</dl>`;
}

function contentOf(content: Content): Html {
  return join(
    Object.entries(content).map(
      ([type, { schema }]) => html`<p><code>${type}</code>: ${typeOf(schema)}</p>${facts(schema)}`,
    ),
  );
}

function describeSchema([name, schema]: [string, Schema]): Html {
  return html`<details>
<summary><code>${name}</code></summary>
<h3 id="schema-${name}">${name}</h3>
<p>${typeOf(schema)} ${textOf(schema.description ?? '')}</p>
${facts(schema)}
</details>
`;
}

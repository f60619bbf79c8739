const width = 118;

/** Writes a database comment as SQL comment lines above its statement. */
export function commented(comment: string | null, statement: string, indent = ''): string {
  const lines = comment === null ? [] : fill(comment.split(/\s+/), `${indent}-- `, `${indent}-- `);
  return [...lines, wrapped(statement, indent)].join('\n');
}

/** Breaks SQL that is too long for a line: before clauses, or between words if a clause is too long. */
export function wrapped(sql: string, indent = ''): string {
  if (sql.includes('\n') || sql.length + indent.length <= width) return `${indent}${sql}`;
  const words = sql.match(/(?:'(?:[^']|'')*'|[^\s'])+/g) ?? [];
  const clauses: string[] = [];
  for (const word of words) {
    if (clauses.length === 0 || clauseWords.has(word)) clauses.push(word);
    else clauses[clauses.length - 1] += ` ${word}`;
  }
  const room = width - indent.length - 2;
  const parts = clauses.flatMap((clause) => (clause.length > room ? clause.split(' ') : [clause]));
  return fill(parts, indent, `${indent}  `).join('\n');
}

const clauseWords = new Set([
  'after',
  'and',
  'execute',
  'for',
  'language',
  'or',
  'references',
  'referencing',
  'when',
  'where',
]);

function fill(words: readonly string[], first: string, others: string): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of words) {
    const isEmpty = line === first || line === others;
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${others}${word}`;
    } else line += isEmpty ? word : ` ${word}`;
  }
  return [...lines, line];
}

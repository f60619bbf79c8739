/** Answers to a requirement, in the order in which the page counts them, with the words of its counts. */
export const securityStatuses = {
  Met: 'met',
  'Not yet': 'not yet',
  Differs: 'differ',
  Operator: 'operator',
  'Does not apply': 'do not apply',
} as const;

/** An entry of docs/security.md: requirements of the standard with one answer. */
interface SecurityEntry {
  numbers: string[];
  /** Undefined where it is none of the known ones. */
  status: keyof typeof securityStatuses | undefined;
  /** How or why. */
  words: string;
  /** Paths of the files that the entry ends with. */
  files: string[];
}

/** Reads the entries of the page: `- **V1.2.3** Requirement. _Met:_ how: `file`, `file``, over one or several lines. */
export function readSecurityEntries(markdown: string): SecurityEntry[] {
  const items = markdown.match(/^- \*\*V[^]*?(?=\n(?:\n|- |#)|$(?![^]))/gm) ?? [];
  return items.map((item) => {
    const text = item.replaceAll(/\s*\n\s*/g, ' ').trim();
    const [, said = '', answer = ''] = / _([^_]+):_ (.*)$/.exec(text) ?? [];
    const [, words = answer, files = ''] = /^(.*?): ((?:`[^`]+`(?:, )?)+)$/.exec(answer) ?? [];
    return {
      numbers: [...text.matchAll(/\*\*(V\d+\.\d+\.\d+)\*\*/g)].map(([, number = '']) => number),
      status: isStatus(said) ? said : undefined,
      words,
      files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    };
  });
}

function isStatus(text: string): text is keyof typeof securityStatuses {
  return Object.hasOwn(securityStatuses, text);
}

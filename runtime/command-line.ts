import { parseArgs } from 'node:util';

/** One argument of a command. One that is named `[NAME]` may be left out; `NAME...` is one or more. */
interface Argument {
  about: string;
  /** The values that it may have. */
  oneOf?: readonly string[];
}

/** One option of a command besides `--help`. */
interface Option {
  type: 'string' | 'boolean';
  about: string;
  default?: string;
}

/** What a person who calls a command needs to know. `--help` prints it. */
export interface Command<Options extends Record<string, Option> = Record<string, Option>> {
  /** How people call it, such as `npm run import`. */
  name: string;
  /** What it does, in sentences. */
  about: string;
  /** Its arguments by name, in their order. */
  args?: Readonly<Record<string, Argument>>;
  /** Its options by name, without `--`. */
  options?: Options;
  /** The settings that it reads by name, with what each is. */
  settings?: Readonly<Record<string, string>>;
  /** What its exit codes mean, except for 2, which every command has. */
  exitCodes: Readonly<Record<number, string>>;
}

/**
 * Reads the command line of this process. With `--help` it prints what the command does and exits with 0; where something
 * is unknown, missing or wrong it says what, prints the usage on standard error, and exits with 2. Call it before anything
 * else is done.
 */
export function readCommandLine<const Options extends Record<string, Option>>(command: Command<Options>) {
  const given = process.argv.slice(2);
  if (given.includes('--help') || given.includes('-h')) {
    process.stdout.write(describeCommand(command));
    process.exit(0);
  }
  try {
    const { values, positionals } = parseArgs({
      args: given,
      allowPositionals: true,
      options: (command.options ?? {}) as Options,
    });
    const problem = wrongArgument(command.args ?? {}, positionals);
    return problem === undefined ? { values, args: positionals } : refuseCommandLine(command, problem);
  } catch (error) {
    // the first sentence names the option; what follows it is about options that begin with a dash
    return refuseCommandLine(command, (error as Error).message.split('. ')[0] ?? '');
  }
}

/** Says what is wrong with the command line, prints the usage, and exits with 2. */
export function refuseCommandLine(command: Command, problem: string): never {
  process.stderr.write(`${problem}.\n\n${usageOf(command)}`);
  process.exit(2);
}

/** Compares what was given with the arguments of the command. @returns what is wrong; undefined if nothing is */
function wrongArgument(
  args: Readonly<Record<string, Argument>>,
  given: readonly string[],
): string | undefined {
  const names = Object.keys(args);
  const missing = names.filter((name, index) => !name.startsWith('[') && given[index] === undefined);
  if (missing.length > 0) return `Missing: ${missing.map(plain).join(' ')}`;
  const last = names.at(-1);
  const nameOf = (index: number) => names[index] ?? (last?.includes('...') ? last : undefined);
  for (const [index, value] of given.entries()) {
    const name = nameOf(index);
    if (name === undefined) return `Unexpected: ${value}`;
    const { oneOf } = args[name] as Argument;
    if (oneOf && !oneOf.includes(value)) return `${plain(name)} is not one of ${oneOf.join(', ')}: ${value}`;
  }
  return undefined;
}

const plain = (name: string) => name.replaceAll(/[[\].]/g, '');

function usageOf({ name, args = {}, options = {} }: Command): string {
  const words = [
    ...Object.keys(args),
    ...Object.entries(options).map(([option, { type }]) => `[--${option}${type === 'string' ? ' …' : ''}]`),
  ];
  const aboutArgs = Object.entries(args).map(
    ([arg, { about, oneOf }]) => [plain(arg), oneOf ? `${about}: ${oneOf.join(', ')}` : about] as const,
  );
  const aboutOptions = Object.entries(options).map(
    ([option, { about, default: usual }]) =>
      [`--${option}`, usual === undefined ? about : `${about}; ${usual} by default`] as const,
  );
  const help = ['--help', 'prints this and does nothing else'] as const;
  return [
    `Usage: ${[name, ...(words.length > 0 ? ['--', ...words] : [])].join(' ')}\n`,
    section('Arguments', aboutArgs),
    section('Options', [...aboutOptions, help]),
  ].join('');
}

/** Returns what `--help` prints. */
function describeCommand(command: Command): string {
  const { about, settings = {}, exitCodes } = command;
  const codes = { 2: 'it was called wrongly: an unknown option, a missing or wrong argument', ...exitCodes };
  return [
    `${wrapped(about, '')}\n\n`,
    usageOf(command),
    section('Settings (environment variables)', Object.entries(settings)),
    section('Exit codes', Object.entries(codes)),
  ].join('');
}

/** Returns a heading and two columns, or nothing if there are no rows. */
function section(heading: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(
    ([name, about]) => `  ${name.padEnd(width)}  ${wrapped(about, ' '.repeat(width + 4))}\n`,
  );
  return `\n${heading}:\n${lines.join('')}`;
}

/** Breaks a text into lines of 100 characters; those after the first are indented. */
function wrapped(text: string, indent: string): string {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && indent.length + line.length + word.length >= 100) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${indent}`);
}

import { languageName } from '../../domain/values/languages.ts';
import type { Grouping, PolicyFigures, RequestFigures, Times } from './summary.ts';

/** A policy's name with its figures. */
export interface NamedFigures {
  name: string;
  figures: PolicyFigures;
}

/** Writes a table with a line for each policy. */
export function policyTable(policies: readonly NamedFigures[]): string {
  return table([
    'policy,first offer p50,p90,p99,accepted p50,p90,p99,contact p50,p90,unmatched,offers,messages,an agent,Gini,chance'.split(
      ',',
    ),
    ...policies.map(({ name, figures }) => [
      name,
      ...cellsOf(figures.toOffer),
      ...cellsOf(figures.toAcceptance),
      ...cellsOf(figures.toContact).slice(0, 2),
      percent(figures.unmatched),
      decimals(figures.offersPerRequest),
      figures.messagesPerRequest.toFixed(1),
      decimals(figures.offersPerTenHours),
      decimals(figures.gini),
      decimals(figures.giniByChance),
    ]),
  ]);
}

/** Explains the columns of the table above. */
export const policyTableLegend = [
  'Times are from the request, over all requests; never: more requests than the rest did not come to that.',
  'offers, messages: for each request. an agent: offers in ten hours in which the agent could be asked.',
  'Gini: spread of the offers over agents of one state and the same languages, 0 is even; chance: what it would be if each',
  'offer went to any of them.',
].join('\n');

/** Writes a table with a line for each group, and columns for each policy. */
export function groupTable(policies: readonly NamedFigures[], grouping: Grouping): string {
  const groups = Object.entries(policies[0]?.figures.groups[grouping] ?? {});
  const inOrder =
    grouping === 'hour' ? groups : groups.toSorted(([, one], [, other]) => other.requests - one.requests);
  return table([
    [grouping, 'requests', ...policies.flatMap(({ name }) => [`${name}: p50`, 'p90', 'unmatched'])],
    ...inOrder.map(([group, { requests }]) => [
      grouping === 'language' ? languageName(group) : group,
      `${requests}`,
      ...policies.flatMap(({ figures }) => accepted(figures.groups[grouping][group])),
    ]),
  ]);
}

function accepted(figures: RequestFigures | undefined): string[] {
  if (!figures) return ['', '', ''];
  const [p50 = '', p90 = ''] = cellsOf(figures.toAcceptance);
  return [p50, p90, percent(figures.unmatched)];
}

const cellsOf = ({ p50, p90, p99 }: Times): string[] => [p50, p90, p99].map(minutes);

/** Writes seconds as minutes and seconds. */
export function minutes(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'never';
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${`${whole % 60}`.padStart(2, '0')}`;
}

/** A figure of which there is none, as of agents who are alike, is a dash. */
const decimals = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(2));

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Aligns the columns of a table. The first is text, the others are figures. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const aligned = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(aligned).join('  ').trimEnd()).join('\n');
}

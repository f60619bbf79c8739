import { minutes, type NamedFigures, percent } from './report.ts';
import { type Grouping, groupings, type RequestFigures } from './summary.ts';

/** Colors of the policies, in their order; dark enough for white paper, and different in gray too. */
const colors = ['#0b3d91', '#c2410c', '#0f766e', '#9d174d', '#4d7c0f', '#6b21a8'];
const [width, height, left] = [640, 260, 60];

/** The share of the requests that were accepted within so many seconds. */
export type AcceptedWithin = (seconds: number) => number;

/** Writes a page without scripts: the tables' figures as curves and bars. */
export function chartPage(
  policies: readonly (NamedFigures & { acceptedWithin: AcceptedWithin })[],
  about: string,
): string {
  const key = policies
    .map(({ name }, index) => `<li style="color:${colorOf(index)}">${escape(name)}</li>`)
    .join('');
  const bars = (Object.keys(groupings) as Grouping[])
    .map((grouping) => `<h2>90 of 100 accepted, by ${grouping}</h2>${groupBars(policies, grouping)}`)
    .join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated policies</title>
<style>body{font:16px sans-serif;max-width:60rem;margin:2rem auto}td,th{text-align:right;padding:0 .5rem}</style>
<h1>Simulated policies</h1><p>${escape(about)}</p><ul>${key}</ul>
<h2>Share of the requests that an agent has accepted, by minutes</h2>${curves(policies)}${bars}</html>\n`;
}

const colorOf = (index: number): string => colors[index % colors.length] ?? '#000';

function curves(policies: readonly { acceptedWithin: AcceptedWithin }[]): string {
  const hour = Array.from({ length: 61 }, (_, minute) => minute);
  const x = (minute: number) => left + (minute / 60) * (width - left);
  const y = (share: number) => height - 20 - share * (height - 40);
  const lines = policies.map(({ acceptedWithin }, index) => {
    const points = hour.map(
      (minute) => `${x(minute).toFixed(1)},${y(acceptedWithin(minute * 60)).toFixed(1)}`,
    );
    return `<polyline fill="none" stroke-width="2" stroke="${colorOf(index)}" points="${points.join(' ')}"/>`;
  });
  const marks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${left}" x2="${width}" y1="${y(share)}" y2="${y(share)}" stroke="#ccc"/>${label(left - 4, y(share) + 5, percent(share), 'end')}`,
  );
  const under = [0, 15, 30, 45, 60].map((minute) => label(x(minute), height, `${minute}`, 'middle'));
  return svg(height + 10, [...marks, ...under, ...lines].join(''));
}

/** Draws a bar for each group and policy. A group of which more are never accepted has a bar of the full length. */
function groupBars(policies: readonly NamedFigures[], grouping: Grouping): string {
  const names = Object.keys(policies[0]?.figures.groups[grouping] ?? {});
  const secondsOf = (figures: RequestFigures | undefined) => figures?.toAcceptance.p90 ?? Number.NaN;
  const longest = Math.max(
    ...policies.flatMap(({ figures }) =>
      names.map((name) => secondsOf(figures.groups[grouping][name])).filter(Number.isFinite),
    ),
  );
  const rowHeight = 8 * policies.length + 8;
  const rows = names.flatMap((name, row) => [
    label(left - 4, row * rowHeight + rowHeight / 2 + 4, name, 'end'),
    ...policies.map(({ figures }, index) => {
      const seconds = secondsOf(figures.groups[grouping][name]);
      const length = Math.min(1, seconds / longest) * (width - left - 60);
      const top = row * rowHeight + index * 8;
      return `<rect x="${left}" y="${top}" height="7" width="${length.toFixed(1)}" fill="${colorOf(index)}"/>${label(left + length + 4, top + 8, minutes(seconds), 'start')}`;
    }),
  ]);
  return svg(names.length * rowHeight + 4, rows.join(''));
}

const svg = (tall: number, content: string): string =>
  `<svg viewBox="0 0 ${width} ${tall}" width="100%" font-size="10" role="img">${content}</svg>`;

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escape(text)}</text>`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Places whose people the Marketplace of the states does not serve, and who has to be told something else. */

const territories: ReadonlySet<string> = new Set(['PR', 'VI', 'GU', 'MP', 'AS', 'FM', 'MH', 'PW']);
const military: ReadonlySet<string> = new Set(['AA', 'AE', 'AP']);

/** What kind of place the code of a state or of something like a state stands for. */
export function kindOfPlace(state: string): 'state' | 'territory' | 'military' {
  if (territories.has(state)) return 'territory';
  return military.has(state) ? 'military' : 'state';
}

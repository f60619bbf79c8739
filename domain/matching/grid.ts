const earthRadiusMiles = 3958.8;
const milesADegree = (earthRadiusMiles * Math.PI) / 180;
/** Squares of half a degree: a few cover a city, a few dozen cover a hundred miles around it. */
const squaresADegree = 2;
const squaresARow = 360 * squaresADegree;

/** A position in degrees; null where it is unknown. */
export interface Position {
  lat: number | null;
  lon: number | null;
}

/** Square that contains a position; null where it is unknown. Equal to `square_of` in the database. */
export function squareOf({ lat, lon }: Position): number | null {
  return lat === null || lon === null ? null : rowOf(lat) * squaresARow + columnOf(lon);
}

/** Squares that together cover a circle around a position; none where it is unknown. */
export function squaresWithin(miles: number, { lat, lon }: Position): number[] {
  if (lat === null || lon === null) return [];
  // a small margin, so that rounding leaves out nothing on the edge
  const degrees = (miles + 0.01) / milesADegree;
  const degreesEast = eastward(degrees, lat);
  const south = rowOf(Math.max(-90, lat - degrees));
  const north = rowOf(Math.min(90, lat + degrees));
  const west = Math.floor((lon - degreesEast + 180) * squaresADegree);
  const east = Math.floor((lon + degreesEast + 180) * squaresADegree);
  const columns = Math.min(squaresARow, east - west + 1);
  const squares: number[] = [];
  for (let row = south; row <= north; row += 1)
    for (let step = 0; step < columns; step += 1)
      squares.push(row * squaresARow + ((((west + step) % squaresARow) + squaresARow) % squaresARow));
  return squares;
}

const rowOf = (lat: number) => Math.floor((lat + 90) * squaresADegree);
const columnOf = (lon: number) => Math.floor((lon + 180) * squaresADegree) % squaresARow;

/** Degrees of longitude that a circle around a latitude extends to the east; all 180 where it includes a pole. */
function eastward(degrees: number, lat: number): number {
  if (Math.abs(lat) + degrees >= 90) return 180;
  return (Math.asin(Math.sin(radians(degrees)) / Math.cos(radians(lat))) * 180) / Math.PI;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

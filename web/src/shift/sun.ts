/** Where the sun stands, so that the page is dark when the night is; no net, no Svelte. */

const RADIANS = Math.PI / 180;
/** The upper edge of the sun at the horizon, refraction included. */
const HORIZON = -0.833;

/** Height of the sun in degrees (low-precision formulae of the Astronomical Almanac, good to 0.01° until 2050). */
export function sunHeight(at: Date, latitude: number, longitude: number): number {
  const days = at.getTime() / 86_400_000 - 10_957.5;
  const mean = (280.46 + 0.9856474 * days) * RADIANS;
  const anomaly = (357.528 + 0.9856003 * days) * RADIANS;
  const ecliptic = mean + (1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RADIANS;
  const tilt = (23.439 - 0.0000004 * days) * RADIANS;
  const declination = Math.asin(Math.sin(tilt) * Math.sin(ecliptic));
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(ecliptic), Math.cos(ecliptic));
  const sidereal = (280.46061837 + 360.98564736629 * days + longitude) * RADIANS;
  const hour = sidereal - ascension;
  const high = Math.sin(latitude * RADIANS) * Math.sin(declination) + Math.cos(latitude * RADIANS) * Math.cos(declination) * Math.cos(hour);
  return Math.asin(high) / RADIANS;
}

/** Whether the sun has set. */
export function isDark(at: Date, latitude: number, longitude: number): boolean {
  return sunHeight(at, latitude, longitude) < HORIZON;
}

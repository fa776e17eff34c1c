/** Precision as what it is: a circle on the ground, in metres. */

import type { Feature, FeatureCollection, Point, Polygon } from "geojson";

const METRES_A_DEGREE = 111_195;
const CORNERS = 40;

/** A circle of `radius` metres around a position. */
export function circle([x = 0, y = 0]: number[], radius: number): Polygon {
  const squeeze = Math.cos((y * Math.PI) / 180);
  const ring = Array.from({ length: CORNERS + 1 }, (_, at) => {
    const angle = ((at % CORNERS) / CORNERS) * 2 * Math.PI;
    const reach = radius / METRES_A_DEGREE;
    return [x + (Math.cos(angle) * reach) / squeeze, y + Math.sin(angle) * reach];
  });
  return { type: "Polygon", coordinates: [ring] };
}

/** Each point as the circle that its precision says; what has no point is left out. */
export function precisionCircles<P extends { precisionM: number }>(
  points: FeatureCollection<Point | null, P>,
): FeatureCollection<Polygon, P> {
  const features = points.features.flatMap((feature): Feature<Polygon, P>[] =>
    feature.geometry
      ? [{ ...feature, geometry: circle(feature.geometry.coordinates, Math.max(feature.properties.precisionM, 25)) }]
      : [],
  );
  return { type: "FeatureCollection", features };
}

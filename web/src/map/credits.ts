/** Whom a map names. */

import type { Base } from "../api/base";
import { t } from "../i18n/messages";

/** Pixels below which a map folds its credits. */
export const COMPACT = 640;

/** Whom to name: what is shipped where it is shown, and the imported tiles. */
export function credits(base: Base): string {
  if (!base.basemap) return t("map.credits");
  const { attribution } = base.basemap;
  if (base.places.features.length === 0) return attribution;
  return t("map.credits").includes(attribution) ? t("map.credits") : `${attribution} · ${t("map.credits")}`;
}

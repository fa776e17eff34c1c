import "../styles/site.css";
import { fetchBase } from "../api/base";
import { fetchLayer } from "../api/layers";
import { near } from "../enhance/near";
import { enhanceSite } from "../enhance/site";
import { connectVoices } from "../enhance/voice";
import { loadMessages } from "../i18n/messages";

enhanceSite();
void loadMessages().then(connectVoices);
const holder = document.querySelector<HTMLElement>("[data-picture-map]");
const container = holder?.querySelector<HTMLElement>(".map");
if (holder && container) {
  await near(holder);
  try {
    const [{ pictureMap }, base, cells, defects] = await Promise.all([
      import("../map/picture"),
      fetchBase(holder.dataset["base"] ?? ""),
      fetchLayer(holder.dataset["cells"] ?? ""),
      fetchLayer(holder.dataset["defects"] ?? ""),
      loadMessages(),
    ]);
    pictureMap(container, base, { cells, defects });
  } catch {
    // The table beside it says the same.
    holder.hidden = true;
  }
}

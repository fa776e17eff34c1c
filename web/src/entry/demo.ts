import "../styles/site.css";
import "../styles/demo.css";
import { enhanceMaps } from "../enhance/maps";
import { enhanceSite } from "../enhance/site";
import { loadMessages } from "../i18n/messages";

enhanceSite();
await loadMessages();
const holder = document.querySelector<HTMLElement>("[data-maps]");
if (holder) {
  await enhanceMaps(holder).catch(() => {
    const section = holder.closest<HTMLElement>(".demo__part");
    if (section) section.hidden = true;
  });
}

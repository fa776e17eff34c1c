import "../styles/site.css";
import "../styles/staff.css";
import "../styles/staff-head.css";
import "../styles/thread.css";
import "../styles/plan.css";
import "../styles/areas.css";
import "../styles/traffic.css";
import "../styles/account.css";
import "../styles/queue.css";
import { mount } from "svelte";
import { loadMessages } from "../i18n/messages";
import App from "../staff/App.svelte";

const target = document.getElementById("staff");
if (target) {
  try {
    await loadMessages("staff");
    const data = target.dataset;
    const props = {
      code: data["code"] ?? "",
      name: data["name"] ?? "",
      user: data["user"] ?? "",
      role: data["role"] ?? "",
      may: data["may"] ?? "",
      zone: data["zone"] ?? "Europe/Stockholm",
      embedded: data["embedded"] === "true",
    };
    const shell = [...target.childNodes];
    target.replaceChildren();
    try {
      mount(App, { target, props });
    } catch (fault) {
      target.replaceChildren(...shell);
      throw fault;
    }
  } catch (fault) {
    // The page says so by itself and offers to load again.
    console.error(fault);
    document.dispatchEvent(new Event("fyren:broken"));
  }
}

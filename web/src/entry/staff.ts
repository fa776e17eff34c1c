import "../styles/site.css";
import "../styles/staff.css";
import { mount } from "svelte";
import { loadMessages } from "../i18n/messages";
import App from "../staff/App.svelte";

const target = document.getElementById("staff");
if (target) {
  await loadMessages();
  const data = target.dataset;
  const whole = {
    code: data["code"] ?? "",
    name: data["name"] ?? "",
    user: data["user"] ?? "",
    role: data["role"] ?? "",
    zone: data["zone"] ?? "Europe/Stockholm",
    otherLanguageUrl: data["otherLanguageUrl"] ?? "",
    embedded: data["embedded"] === "true",
  };
  target.replaceChildren();
  mount(App, { target, props: whole });
}

import "../styles/site.css";
import "../styles/shift.css";
import { mount } from "svelte";
import { loadMessages } from "../i18n/messages";
import ShiftPage from "../shift/ShiftPage.svelte";

const target = document.getElementById("staff");
if (target) {
  try {
    await loadMessages("staff");
    const data = target.dataset;
    const props = { code: data["code"] ?? "", name: data["name"] ?? "", may: data["may"] ?? "", zone: data["zone"] ?? "Europe/Stockholm" };
    const shell = [...target.childNodes];
    target.replaceChildren();
    try {
      mount(ShiftPage, { target, props });
    } catch (fault) {
      target.replaceChildren(...shell);
      throw fault;
    }
  } catch (fault) {
    console.error(fault);
    document.dispatchEvent(new Event("fyren:broken"));
  }
}

import "../styles/site.css";
import "../styles/report.css";
import { enhanceReceipt } from "../enhance/receipt";
import { enhanceReport } from "../enhance/report";
import { enhanceSite } from "../enhance/site";
import { loadMessages } from "../i18n/messages";

enhanceSite();
const form = document.querySelector<HTMLFormElement>("form#report");
try {
  await loadMessages();
  if (form) await enhanceReport(form);
  else await enhanceReceipt();
} catch (fault) {
  // The plain form is whole: better that than half of the steps.
  document.documentElement.classList.remove("js");
  throw fault;
}

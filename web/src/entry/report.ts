import "../styles/site.css";
import "../styles/report.css";
import { enhanceReceipt } from "../enhance/receipt";
import { enhanceReport } from "../enhance/report";
import { enhanceSite } from "../enhance/site";
import { loadMessages } from "../i18n/messages";

enhanceSite();
await loadMessages();
const form = document.querySelector<HTMLFormElement>("form#report");
if (form) enhanceReport(form);
await enhanceReceipt();

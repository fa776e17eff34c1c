import "../styles/site.css";
import "../styles/report.css";
import "../styles/thread.css";
import { enhanceReceipt } from "../enhance/receipt";
import { enhanceSite } from "../enhance/site";

enhanceSite();
await enhanceReceipt();

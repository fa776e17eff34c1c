import "../styles/site.css";
import { enhanceReceipt } from "../enhance/receipt";
import { enhanceSite } from "../enhance/site";

enhanceSite();
await enhanceReceipt();

import "../styles/site.css";
import { connectPartner } from "../enhance/partner";
import { enhanceSaving } from "../enhance/save-png";
import { enhanceSite } from "../enhance/site";

enhanceSite();
enhanceSaving();
connectPartner();

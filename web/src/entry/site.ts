import "../styles/site.css";
import { enhanceSite } from "../enhance/site";

enhanceSite();

import "../styles/site.css";
export {};

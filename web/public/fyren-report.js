/* <fyren-report>: a municipality's own page asks its visitors about unsafe places.
   Attributes: municipality (code), lang (sv or en), open ("frame" shows the form
   in the page where its policy allows that). Without scripts, what stands inside
   the element stays: put a link to the form there. */
const home = new URL(import.meta.url).origin;
const WORDS = {
  sv: { title: "Känns en plats otrygg?", text: "Berätta på en halv minut, utan konto.", go: "Rapportera en plats", now: "Händer det nu?", call: "Ring 112" },
  en: { title: "Does a place feel unsafe?", text: "Tell us in half a minute, without an account.", go: "Report a place", now: "Is it happening now?", call: "Call 112" },
};
const LOOK = `
:host{all:initial;display:block;max-width:420px}
section{box-sizing:border-box;padding:20px;border:1px solid #dad9d2;border-radius:10px;background:#fff;color:#16232e;font:16px/1.5 system-ui,sans-serif}
h2{margin:0 0 4px;font-size:20px;line-height:1.25}
p{margin:0 0 16px}
a{color:#0b4f6c}
.go{display:block;padding:14px 20px;border-radius:999px;background:#0b4f6c;color:#fff;font:inherit;font-weight:600;text-align:center;text-decoration:none}
.now{margin:16px 0 0;font-size:15px}
.now a{color:#b3261e;font-weight:700}
a:focus-visible{outline:3px solid #ffbf47;outline-offset:2px;box-shadow:0 0 0 2px #16232e}
iframe{display:block;width:100%;height:720px;border:1px solid #dad9d2;border-radius:10px}`;

class FyrenReport extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const code = this.getAttribute("municipality") ?? "";
    if (!/^[a-z0-9-]{2,32}$/.test(code)) return;
    const language = (this.getAttribute("lang") || document.documentElement.lang).startsWith("en") ? "en" : "sv";
    const words = WORDS[language];
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    root.adoptedStyleSheets = [sheet];
    const make = (tag, text, values = {}) => Object.assign(document.createElement(tag), { textContent: text, ...values });
    const go = make("a", words.go, { className: "go", href: `${home}/${code}/report?lang=${language}`, target: "_blank", rel: "noopener" });
    const now = make("p", `${words.now} `, { className: "now" });
    now.append(make("a", words.call, { href: "tel:112" }));
    const section = document.createElement("section");
    section.append(make("h2", words.title), make("p", words.text), go, now);
    root.append(section);
    if (this.getAttribute("open") !== "frame") return;
    go.addEventListener("click", (event) => {
      event.preventDefault();
      const frame = make("iframe", "", { src: `${home}/${code}/embed?lang=${language}`, title: words.go, allow: "geolocation" });
      section.replaceWith(frame);
      frame.focus();
    });
  }
}
customElements.define("fyren-report", FyrenReport);

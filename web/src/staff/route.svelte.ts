/** Which page of the staff app shows; the address bar says the same. */

/** Pages that one word names. */
const PLAIN = [
  "area",
  "plan",
  "patrol-areas",
  "queue",
  "archive",
  "presence",
  "controls",
  "watch",
  "unanswered",
  "measures",
  "vetoes",
  "heard",
  "releases",
  "partners",
  "import",
  "users",
  "weeks",
  "account",
] as const;

/** A page of the app; `report` carries the report's identity. */
export type Page = "picture" | "report" | (typeof PLAIN)[number];

/** The address of the app and the page that it names. */
export class Route {
  readonly root: string;
  page = $state<Page>("picture");
  id = $state("");

  constructor(code: string) {
    this.root = `/${code}/staff/`;
    this.#read();
  }

  /** The address of a page. */
  to(page: Page, id = ""): string {
    if (page === "picture") return this.root;
    return this.root + (page === "report" ? `reports/${id}` : page);
  }

  /** Shows a page; the reader can come back from it. */
  go(page: Page, id = ""): void {
    if (this.page === page && this.id === id) return;
    history.pushState(null, "", this.to(page, id));
    this.#read();
  }

  /** Follows the back button and the links of the app, until the returned function is called. */
  follow(): () => void {
    const back = () => this.#read();
    const click = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (!link || !plain || link.target || event.defaultPrevented || link.search || !link.pathname.startsWith(this.root) || "leave" in link.dataset) return;
      event.preventDefault();
      if (link.pathname === location.pathname) return;
      history.pushState(null, "", link.pathname);
      this.#read();
    };
    addEventListener("popstate", back);
    addEventListener("click", click);
    return () => {
      removeEventListener("popstate", back);
      removeEventListener("click", click);
    };
  }

  #read(): void {
    const [first = "", second = ""] = location.pathname.slice(this.root.length).split("/");
    const plain = PLAIN.find((page) => page === first);
    this.page = first === "reports" && second ? "report" : (plain ?? "picture");
    this.id = this.page === "report" ? second : "";
  }
}

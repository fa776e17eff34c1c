/** The pin: a drop of Skagerrak blue with the one red light. */

/** An element for a marker. */
export function pinElement(): HTMLElement {
  const element = document.createElement("div");
  element.className = "pin";
  element.innerHTML = pinDrawing();
  return element;
}

/** The pin as SVG. */
export function pinDrawing(): string {
  return `<svg viewBox="0 0 34 44" aria-hidden="true"><path d="M17 43C12 33 3 26 3 16a14 14 0 0 1 28 0c0 10-9 17-14 27Z" fill="#0B4F6C" stroke="#fff" stroke-width="2"/><circle cx="17" cy="16" r="6.5" fill="#fff"/><circle cx="17" cy="16" r="3.8" fill="#B3261E"/></svg>`;
}

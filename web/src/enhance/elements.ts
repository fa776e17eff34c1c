/** Making elements by hand, where a page has no framework. */

/** An element with a class. */
export function element(tag: string, name = ""): HTMLElement {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}

/** A button that does not send a form. */
export function button(name: string, text: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

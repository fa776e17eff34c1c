/** Find the real map: twelve heat maps, eleven of pure chance. */

import { t } from "../i18n/messages";
import { NEED } from "../map/palette";

interface Maps {
  columns: number;
  rows: number;
  real: number;
  marked?: [number, number][];
  maps: { id: number; cells: [number, number, number][] }[];
}

/** Draws the maps into `holder`, and says after a choice which one was real. */
export async function enhanceMaps(holder: HTMLElement): Promise<void> {
  const response = await fetch(holder.dataset["maps"] ?? "");
  if (!response.ok) throw new Error(String(response.status));
  const maps = (await response.json()) as Maps;
  const grid = document.createElement("div");
  grid.className = "maps__grid";
  const verdict = document.createElement("div");
  verdict.className = "maps__verdict";
  verdict.setAttribute("role", "status");
  const choices = maps.maps.map((map, at) => {
    const choice = document.createElement("button");
    choice.type = "button";
    choice.className = "heat-card";
    choice.append(drawing(maps, map.cells), label(t("demo.maps_pick", { n: at + 1 })));
    choice.addEventListener("click", () => reveal(maps, choices, at, verdict, holder));
    grid.append(choice);
    return choice;
  });
  holder.replaceChildren(grid, verdict);
}

function label(text: string): HTMLElement {
  const line = document.createElement("span");
  line.textContent = text;
  return line;
}

function reveal(maps: Maps, choices: HTMLElement[], picked: number, verdict: HTMLElement, holder: HTMLElement): void {
  const right = picked === maps.real;
  choices.forEach((choice, at) => {
    choice.classList.toggle("is-real", at === maps.real);
    choice.classList.toggle("is-picked", at === picked);
    choice.classList.toggle("is-chance", at !== maps.real);
    if (at === maps.real) mark(maps, choice);
    const line = choice.querySelector("span");
    if (line) line.textContent = `${t("demo.maps_pick", { n: at + 1 })}: ${t(at === maps.real ? "demo.maps_real" : "demo.maps_chance")}`;
  });
  const said = document.createElement("p");
  said.innerHTML = "<strong></strong> ";
  const strong = said.querySelector("strong");
  if (strong) strong.textContent = t(right ? "demo.maps_right" : "demo.maps_wrong", { n: maps.real + 1 });
  said.append(t("demo.maps_why"));
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button button--plain";
  again.textContent = t("demo.maps_again");
  again.addEventListener("click", () => void enhanceMaps(holder));
  verdict.replaceChildren(said, again);
}

/** Outlines the cells that chance does not explain. */
function mark(maps: Maps, choice: HTMLElement): void {
  for (const [column, row] of maps.marked ?? []) {
    const outline = document.createElementNS(SVG, "rect");
    outline.setAttribute("class", "heat-card__mark");
    outline.setAttribute("x", String(column));
    outline.setAttribute("y", String(maps.rows - 1 - row));
    outline.setAttribute("width", "1");
    outline.setAttribute("height", "1");
    choice.querySelector("svg")?.append(outline);
  }
}

const SVG = "http://www.w3.org/2000/svg";

function drawing(maps: Maps, cells: [number, number, number][]): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${maps.columns} ${maps.rows}`);
  svg.setAttribute("aria-hidden", "true");
  for (const [column, row, value] of cells) {
    const cell = document.createElementNS(SVG, "rect");
    cell.setAttribute("x", String(column));
    cell.setAttribute("y", String(maps.rows - 1 - row));
    cell.setAttribute("width", "1.05");
    cell.setAttribute("height", "1.05");
    cell.setAttribute("fill", NEED[value - 1] ?? NEED[0]);
    svg.append(cell);
  }
  return svg;
}


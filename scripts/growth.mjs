// Draws docs/images/growth-analysis.svg: how the methods grow with the number
// of events, cells or places, from the rows that the benchmarks have printed.
// node scripts/growth.mjs [file with the rows, else docs/performance.md]
import { readFileSync, writeFileSync } from "node:fs";

const page = readFileSync(process.argv[2] ?? "docs/performance.md", "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| "));
const find = (start) => rows.filter((row) => row.startsWith(`| ${start}`));
const result = (row) => row.split("|")[2];
const times = (row) => result(row).match(/[\d.]+/g).map(Number);
const counts = (text) =>
  [...text.matchAll(/(\d+(?:\.\d+)?)( k| M)?(?=,| and| cells| events| places)/g)].map(
    ([, number, unit]) => Number(number) * ({ " k": 1e3, " M": 1e6 }[unit] ?? 1),
  );

/** Points of rows that tell one number each: "DBSCAN of 1000 points, … | 3.7 ms". */
const each = (start, pattern) =>
  find(start)
    .filter((row) => pattern.test(row))
    .map((row) => [Number(row.match(/ of (\d+) /)[1]), times(row)[0]]);

/** Points of a row that tells many: "… 1 k, 10 k and 1 M events, … | 5, 3, 11 ms". */
const all = (start, every = 1, offset = 0) => {
  const [row] = find(start);
  if (!row) return [];
  const name = row.split("|")[1].replace("512 × 512 cells from", "");
  const found = times(row).filter((_, at) => at % every === offset);
  return counts(name).slice(0, found.length).map((number, at) => [number, found[at]]);
};

const lines = [
  ["heat map, 512 × 512", all("heat of 512 × 512 cells from 1 k")],
  ["Gi*", all("Gi* and local window test of 10 k", 2, 0)],
  ["local window test", all("Gi* and local window test of 10 k", 2, 1)],
  ["DBSCAN", each("DBSCAN of", /points, one thread/)],
  ["Knox × 999", each("Knox of", /999 permutations/)],
  ["spatial scan × 999", each("spatial scan of", /all cores/)],
  ["space-time scan × 999", each("space-time scan of", /all cores/)],
  ["six sites, proven", all("6 sites that cover the most")],
].filter(([, points]) => points.length > 1);
if (lines.length === 0) throw new Error("no row tells how anything grows");

const [wide, high, left, top] = [760, 460, 64, 28];
const decades = (values) => [
  Math.floor(Math.log10(Math.min(...values))),
  Math.ceil(Math.log10(Math.max(...values))),
];
const everywhere = lines.flatMap(([, points]) => points);
const [x0, x1] = decades(everywhere.map(([number]) => number));
const [y0, y1] = decades(everywhere.map(([, time]) => Math.max(time, 0.1)));
const x = (number) => left + ((Math.log10(number) - x0) / (x1 - x0)) * (wide - left - 190);
const y = (time) => high - 48 - ((Math.log10(time) - y0) / (y1 - y0)) * (high - 48 - top);
const steps = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at));
const short = (value) => (value >= 1e6 ? `${value / 1e6} M` : value >= 1e3 ? `${value / 1e3} k` : `${value}`);
const dashes = ["", "6 3", "2 3", "9 3 2 3", "12 4", "4 4", "1 4", "8 2 1 2"];

let taken = [];
const free = (at) => {
  while (taken.some((other) => Math.abs(other - at) < 15)) at += 4;
  taken.push(at);
  return at;
};
const drawn = [...lines]
  .sort(([, a], [, b]) => y(a.at(-1)[1]) - y(b.at(-1)[1]))
  .map(([name, points]) => {
    const at = lines.findIndex(([other]) => other === name);
    const path = points.map(([n, t], i) => `${i ? "L" : "M"}${x(n).toFixed(1)} ${y(t).toFixed(1)}`).join("");
    const [n, t] = points.at(-1);
    const label = free(y(t));
    const end = wide - 182;
    return `<path d="${path}" fill="none" stroke="#1f4e79" stroke-width="1.8" stroke-dasharray="${dashes[at]}"/>
<path d="M${x(n).toFixed(1)} ${y(t).toFixed(1)}L${end - 4} ${label.toFixed(1)}" stroke="#9aa7b4" stroke-width=".6"/>
${points.map(([n, t]) => `<circle cx="${x(n).toFixed(1)}" cy="${y(t).toFixed(1)}" r="2.6" fill="#1f4e79"/>`).join("")}
<text x="${end}" y="${(label + 4).toFixed(1)}">${name}</text>`;
  });
const grid = [
  ...steps(x0, x1).map((n) => `<path d="M${x(n)} ${top}V${high - 48}" stroke="#d5dbe1"/><text x="${x(n)}" y="${high - 30}" text-anchor="middle">${short(n)}</text>`),
  ...steps(y0, y1).map((t) => `<path d="M${left} ${y(t)}H${wide - 190}" stroke="#d5dbe1"/><text x="${left - 6}" y="${y(t) + 4}" text-anchor="end">${t >= 1e3 ? `${t / 1e3} s` : `${t} ms`}</text>`),
];
writeFileSync(
  "docs/images/growth-analysis.svg",
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" role="img" font-family="sans-serif" font-size="12" fill="#22303c">
<title>How long each method takes as events, cells or places grow; both axes by powers of ten</title>
<rect width="${wide}" height="${high}" fill="#fff"/>
${grid.join("\n")}
${drawn.join("\n")}
<text x="${left}" y="${high - 10}">events, cells or places</text>
</svg>
`,
);

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { forResidents, offered } from "./scripts/languages.mjs";

const entries = ["site", "sign_in", "report", "receipt", "picture", "demo", "shift", "staff"];

/**
 * Catalogues of languages that nobody has reviewed are not built, and so not served. What staff alone read is four fifths
 * of a catalogue: pages of residents load the rest.
 */
function catalogues(): Plugin {
  const [name, words] = ["virtual:catalogues", "virtual:words/"];
  const list = (of: string, from: (code: string) => string) => `export const ${of} = { ${offered().map((code) => `"${code}": () => import("${from(code)}")`).join(", ")} };`;
  return {
    name: "catalogues",
    resolveId: (id) => (id === name || id.startsWith(words) ? `\0${id}` : null),
    load: (id) => {
      if (id === `\0${name}`) return list("catalogues", (code) => `/src/i18n/${code}.json`) + list("forResidents", (code) => words + code);
      return id.startsWith(`\0${words}`) ? `export default ${JSON.stringify(forResidents(id.slice(words.length + 1)))};` : null;
    },
  };
}

export default defineConfig({
  base: "/assets/",
  publicDir: "public",
  plugins: [svelte(), catalogues()],
  worker: { format: "es" },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsDir: ".",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: Object.fromEntries(entries.map((name) => [name, `src/entry/${name}.ts`])),
    },
  },
});

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { offered } from "./scripts/languages.mjs";

const entries = ["site", "sign_in", "report", "receipt", "picture", "demo", "shift", "staff"];

/** Catalogues of languages that nobody has reviewed are not built, and so not served. */
function catalogues(): Plugin {
  const name = "virtual:catalogues";
  return {
    name: "catalogues",
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? `export const catalogues = { ${offered().map((code) => `"${code}": () => import("/src/i18n/${code}.json")`).join(", ")} };` : null),
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

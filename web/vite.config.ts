import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const entries = ["site", "report", "receipt", "picture", "demo", "staff"];

export default defineConfig({
  base: "/assets/",
  publicDir: "public",
  plugins: [svelte()],
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

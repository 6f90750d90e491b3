// Builds the scripts of the pages into the package; the server reads the manifest and serves the files by their hashed names.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/",
  publicDir: false,
  logLevel: "warn",
  build: {
    outDir: "../src/takecover/server/static/built",
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: false,
    reportCompressedSize: false,
    license: { fileName: "licences.md" },
    target: "es2022",
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      // htmx can evaluate text; it is told not to (office.ts), and the policy of every page forbids it.
      checks: { eval: false },
      input: ["public", "office", "warden", "worker", "pushed"].map((name) => `src/${name}.ts`),
    },
  },
});

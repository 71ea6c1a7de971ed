import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { emojibase } from "./vite/emojibase.ts";
import { precompress } from "./vite/precompress.ts";
import { startScript } from "./vite/start-script.ts";

/** The Host header stays unchanged: the server compares it with the Origin before it accepts cookies. */
const server = { target: "http://127.0.0.1:8000", changeOrigin: false };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), emojibase(), startScript(), precompress()],
  server: {
    proxy: {
      "/api": server,
      "/health": server,
      "/region": server,
      "/metrics": server,
      "/ws": { ...server, ws: true },
    },
  },
  build: {
    outDir: "dist",
    license: { fileName: "licenses.md" },
    target: "es2023",
    // The content security policy forbids inline scripts and data: modules.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Two chunks for everything that each start needs: about fifty small files would compress worse, by 15 KB in
        // all.
        codeSplitting: {
          groups: [
            { name: "vendor", tags: ["$initial"], test: /[\\/]node_modules[\\/]/, priority: 1 },
            { name: "app", tags: ["$initial"] },
          ],
        },
      },
    },
  },
});

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { emojibase } from "./vite/emojibase.ts";
import { precompress } from "./vite/precompress.ts";

/** The page's own host goes on to the server, which compares it with the origin before it takes cookies. */
const server = { target: "http://127.0.0.1:8000", changeOrigin: false };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), emojibase(), precompress()],
  server: {
    proxy: {
      "/api": server,
      "/health": server,
      "/metrics": server,
      "/ws": { ...server, ws: true },
    },
  },
  build: {
    outDir: "dist",
    target: "es2023",
    // The content security policy allows neither inline scripts nor data: modules.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What every start needs compresses together; left alone it falls into some fifty files, 15 KB more in all.
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

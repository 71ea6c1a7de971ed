import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { scriptAddress } from "./script-address.ts";

const source = join(import.meta.dirname, "src");

/** Makes an entry of every script that the server starts, and lets its address name the built file. */
function scripts(): Plugin {
  return {
    name: "scripts",
    transform(code, id) {
      if (!code.includes(", import.meta.url)")) return null;
      return code.replaceAll(scriptAddress, (_, path: string) => {
        const fileName = `${path.slice(2)}.js`;
        this.emitFile({ type: "chunk", id: join(id, "..", `${path}.ts`), fileName });
        return `new URL("./${fileName}", import.meta.url)`;
      });
    },
  };
}

/**
 * The server as JavaScript modules that contain everything they import. All lie in one folder, as deep in the
 * repository as `src`, because scripts, web client and compile cache are found relative to the module.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [scripts()],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: "dist",
    target: "node24",
    license: { fileName: "licenses.md" },
    rolldownOptions: {
      input: ["main", "admin", "doctor", "health"].map((name) => join(source, `${name}.ts`)),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        // Half the source text in memory. Names stay, for stack traces and for profiles.
        minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
      },
    },
  },
});

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

/** What libraries load at once for the sake of features that the server does not use: empty modules in its place. */
const unused = new Set([
  // Of fastify: see `noSchemas` in http-server.ts.
  "@fastify/ajv-compiler",
  "@fastify/fast-json-stringify-compiler",
  "light-my-request",
  // Of @fastify/static, which finds each file when it is asked for.
  "glob",
  // Of @fastify/compress: see `compressible` in http-server.ts.
  "mime-db",
]);

function withoutUnused(): Plugin {
  const empty = "\0unused";
  return {
    name: "without-unused",
    enforce: "pre",
    resolveId: (id) => (unused.has(id) ? empty : null),
    load: (id) => (id === empty ? "module.exports = {};" : null),
  };
}

/**
 * The server as JavaScript modules that contain everything they import. All lie in one folder, as deep in the
 * repository as `src`, because scripts, web client and compile cache are found relative to the module.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [withoutUnused(), scripts()],
  ssr: { noExternal: true },
  // Node's own streams, as a package for other platforms.
  resolve: { alias: { "readable-stream": "node:stream" } },
  build: {
    ssr: true,
    outDir: "dist",
    target: "node24",
    license: { fileName: "licenses.md" },
    rolldownOptions: {
      input: ["main", "admin", "doctor", "health", "voice-node"].map((name) => join(source, `${name}.ts`)),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        // Half the source text in memory. Names stay, for stack traces and for profiles.
        minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
      },
    },
  },
});

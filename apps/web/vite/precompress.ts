import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const compressible = /\.(?:js|css|html|svg|json|webmanifest|wasm|md)$/;
/** Smaller files fit one packet even uncompressed. */
const minBytes = 1_024;

/** Writes `.br` and `.gz` beside every text file of the build, so that the server never compresses at run time. */
export function precompress(): Plugin {
  let outDir = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const entries = await readdir(outDir, { recursive: true });
      await Promise.all(entries.filter((path) => compressible.test(path)).map((path) => compress(join(outDir, path))));
    },
  };
}

async function compress(path: string): Promise<void> {
  const source = await readFile(path);
  if (source.byteLength < minBytes) return;
  const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: source.byteLength } };
  await Promise.all([
    promisify(brotliCompress)(source, options).then((bytes) => writeFile(`${path}.br`, bytes)),
    promisify(gzip)(source, { level: 9 }).then((bytes) => writeFile(`${path}.gz`, bytes)),
  ]);
}

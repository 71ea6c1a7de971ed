import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

/**
 * Builds public/start.js, which runs before the first paint, as a hashed asset, so that browsers keep it for good, and
 * writes the addresses of each language's texts beside it, as `data-en` and `data-ru`: the script preloads those of
 * the language in use, which otherwise wait until the app's code has arrived.
 */
export function startScript(): Plugin {
  let source = "";
  let publicDir = "";
  const fileName = () => `assets/start-${createHash("sha256").update(source).digest("base64url").slice(0, 8)}.js`;
  return {
    name: "start-script",
    apply: "build",
    configResolved: (config) => void ({ publicDir } = config),
    async buildStart() {
      source = await readFile(join(publicDir, "start.js"), "utf8");
      this.emitFile({ type: "asset", fileName: fileName(), source });
    },
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const attributes = Object.values(bundle).flatMap((part) => {
          const entry = part.type === "chunk" ? part.facadeModuleId : null;
          const locale = entry && /\/i18n\/(\w+)\/start\/index\.ts$/.exec(entry)?.[1];
          return locale ? [`data-${locale}="/${part.fileName}"`] : [];
        });
        return html.replace('src="/start.js"', `src="/${fileName()}" ${attributes.toSorted().join(" ")}`);
      },
    },
  };
}

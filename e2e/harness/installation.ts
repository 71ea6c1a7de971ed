import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../..", import.meta.url).pathname;
const hashedName = /\b([\w-]+-[\w-]{8})\.(js|css)\b/g;

/** A copy of the built server and web client, which can be updated. */
export class Installation {
  readonly #folder = mkdtempSync(join(tmpdir(), "miscord-installation-"));

  constructor() {
    for (const part of ["apps/server/dist", "apps/web/dist"]) {
      cpSync(join(root, part), join(this.#folder, part), { recursive: true });
    }
    cpSync(join(root, "apps/server/package.json"), join(this.#folder, "apps/server/package.json"));
    symlinkSync(join(root, "node_modules"), join(this.#folder, "node_modules"));
  }

  /** For `startServerProcess`. */
  get script(): string {
    return join(this.#folder, "apps/server/dist/main.js");
  }

  /** What another version brings: each script and style sheet has another name, and the page another title. */
  update(title: string): void {
    const dist = join(this.#folder, "apps/web/dist");
    const assets = join(dist, "assets");
    for (const folder of [dist, assets]) {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (/\.(?:br|gz|zst)$/.test(name)) rmSync(path);
        else if (/\.(?:js|css|html)$/.test(name) && name !== "sw.js") this.#rename(path, title);
      }
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #rename(path: string, title: string): void {
    const text = readFileSync(path, "utf8").replaceAll(hashedName, "$1new.$2");
    writeFileSync(path, text.replace(/<title>[^<]*/, `<title>${title}`));
    renameSync(path, path.replaceAll(hashedName, "$1new.$2"));
  }
}

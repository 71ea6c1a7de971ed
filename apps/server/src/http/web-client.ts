import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../errors.ts";
import { sendRefusal } from "./refusals.ts";

const notBuilt = `<!doctype html><meta charset="utf-8"><title>Miscord</title>
<h1>The web client is not built</h1>
<p>The server runs, and its API answers. <code>npm start</code> builds the client; <code>npm run dev</code> serves it
on a port of its own.</p>
`;

/** A build may take the folder's place while the server runs: what is not known is looked for once in so long. */
const readAgainMs = 1_000;

/**
 * Serves the built web client: files with a hash in their name are cached for a year, others are revalidated each time. The build
 * has compressed them: what it has not is sent as it is, whatever encoding is asked for.
 */
export async function serveWebClient(app: FastifyInstance, root: string): Promise<void> {
  const isBuilt = existsSync(join(root, "index.html"));
  if (isBuilt) {
    const files = new BuiltFiles(root);
    // Its own route reads a whole folder for each part of an address, several times for one that leads nowhere.
    await app.register(fastifyStatic, {
      root,
      serve: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, path) {
        const isHashed = path.includes("/assets/");
        reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
    app.get<{ Params: { "*": string } }>("/*", { compress: false }, async ({ params: { "*": path } }, reply) =>
      (await files.has(path)) ? reply.sendFile(path) : reply.callNotFound(),
    );
  }
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) return sendRefusal(reply, new AppError("not_found", "There is nothing here."));
    return isBuilt ? sendApp(reply) : void reply.code(503).type("text/html").send(notBuilt);
  });
}

/** The names of the files below a folder, with `/` between their parts. */
class BuiltFiles {
  readonly #root: string;
  #names: Promise<ReadonlySet<string>> = Promise.resolve(new Set());
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(root: string) {
    this.#root = root;
  }

  async has(name: string): Promise<boolean> {
    if ((await this.#names).has(name)) return true;
    const now = performance.now();
    if (now - this.#readAt >= readAgainMs) {
      this.#readAt = now;
      this.#names = this.#read();
    }
    return (await this.#names).has(name);
  }

  async #read(): Promise<ReadonlySet<string>> {
    const entries = await readdir(this.#root, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return new Set(files.map((path) => path.slice(this.#root.length + 1).replaceAll(sep, "/")));
  }
}

/** The web client's router handles the path. */
function sendApp(reply: FastifyReply): void {
  reply.sendFile("index.html");
}

/** Whether a request is a navigation, as opposed to a missing file or API route. */
function isPage({ method, url }: FastifyRequest): boolean {
  const path = url.split("?")[0]!;
  const isOurs = /^\/(?:api|ws|health|metrics|assets)(?:\/|$)/.test(path);
  return (method === "GET" || method === "HEAD") && !isOurs && !/\.\w+$/.test(path);
}

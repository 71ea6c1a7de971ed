import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../errors.ts";
import { sendRefusal } from "./refusals.ts";

const notBuilt = `<!doctype html><meta charset="utf-8"><title>Miscord</title>
<h1>The web client is not built</h1>
<p>The server runs, and its API answers. <code>npm start</code> builds the client; <code>npm run dev</code> serves it
on a port of its own.</p>
`;

/**
 * Serves the built web client: files with a hash in their name are cached for a year, others are revalidated each time.
 */
export async function serveWebClient(app: FastifyInstance, root: string): Promise<void> {
  const isBuilt = existsSync(join(root, "index.html"));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root,
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, path) {
        const isHashed = path.includes("/assets/");
        reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) return sendRefusal(reply, new AppError("not_found", "There is nothing here."));
    return isBuilt ? sendApp(reply) : void reply.code(503).type("text/html").send(notBuilt);
  });
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

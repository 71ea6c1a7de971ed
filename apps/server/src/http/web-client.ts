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

/** The built web client: files with a digest in their name for ever, everything else asked anew each time. */
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

/** Addresses inside the app are its router's to know. */
function sendApp(reply: FastifyReply): void {
  reply.sendFile("index.html");
}

/** What a browser opens, as opposed to a file or call that does not exist. */
function isPage({ method, url }: FastifyRequest): boolean {
  const path = url.split("?")[0]!;
  const isOurs = /^\/(?:api|ws|health|metrics|assets)(?:\/|$)/.test(path);
  return (method === "GET" || method === "HEAD") && !isOurs && !/\.\w+$/.test(path);
}

import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";

/** What a page of ours may do: run our own scripts, and talk to this server only. */
export async function addSecurityHeaders(
  app: FastifyInstance,
  { publicUrl, webSocketUrl, corsOrigins }: Pick<Config, "publicUrl" | "webSocketUrl" | "corsOrigins">,
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: directives(webSocketUrl) },
    strictTransportSecurity: publicUrl?.startsWith("https:") ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    // A web client served elsewhere shows pictures from here; cookies let it do so within the same site only.
    crossOriginResourcePolicy: { policy: corsOrigins.length > 0 ? "same-site" : "same-origin" },
    referrerPolicy: { policy: "same-origin" },
    // Nothing here needs isolation, and it would forbid pictures from elsewhere for good.
    crossOriginEmbedderPolicy: false,
  });
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("permissions-policy", "camera=(), geolocation=(), microphone=(self), display-capture=(self)");
  });
}

function directives(webSocketUrl: string | undefined) {
  return {
    defaultSrc: ["'self'"],
    // Noise suppression is WebAssembly; `eval` of text stays forbidden.
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    scriptSrcAttr: ["'none'"],
    // Dialogs and scroll areas of the component library write style elements.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "blob:", "data:"],
    mediaSrc: ["'self'", "blob:"],
    connectSrc: webSocketUrl ? ["'self'", new URL(webSocketUrl).origin] : ["'self'"],
    workerSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  };
}

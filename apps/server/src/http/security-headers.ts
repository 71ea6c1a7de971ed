import helmet from "@fastify/helmet";
import type { VoiceRegion } from "@miscord/protocol";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";

/** Security headers: pages may run scripts of this origin, and connect to this server and to voice nodes of it only. */
export async function addSecurityHeaders(
  app: FastifyInstance,
  { publicUrl, webSocketUrl, corsOrigins }: Pick<Config, "publicUrl" | "webSocketUrl" | "corsOrigins">,
  regions: () => readonly VoiceRegion[],
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: directives(webSocketUrl, regions) },
    strictTransportSecurity: publicUrl?.startsWith("https:") ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    // A web client on another origin shows images of this server; its cookies work within the same site only.
    crossOriginResourcePolicy: { policy: corsOrigins.length > 0 ? "same-site" : "same-origin" },
    referrerPolicy: { policy: "same-origin" },
    // Cross-origin isolation is not needed, and it would block images from other origins.
    crossOriginEmbedderPolicy: false,
  });
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("permissions-policy", "camera=(self), geolocation=(), microphone=(self), display-capture=(self)");
  });
}

function directives(webSocketUrl: string | undefined, regions: () => readonly VoiceRegion[]) {
  const connectSrc = webSocketUrl ? ["'self'", new URL(webSocketUrl).origin] : ["'self'"];
  return {
    defaultSrc: ["'self'"],
    // Noise suppression is WebAssembly; this does not allow `eval` of text.
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    scriptSrcAttr: ["'none'"],
    // Dialogs and scroll areas of the component library insert style elements.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "blob:", "data:"],
    mediaSrc: ["'self'", "blob:"],
    // Clients measure how far away regions are; each page knows those that there were when it was loaded.
    connectSrc: [() => [...connectSrc, ...regions().flatMap(({ url }) => url ?? [])].join(" ")],
    workerSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  };
}

import { PassThrough, type Readable } from "node:stream";
import { importLimits } from "@miscord/protocol";
import { importAuthorBody, importFilesBody, importPartQuery, importStartBody } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { requireAdmin } from "../../domain/access.ts";
import { claimAsAdmin } from "../../domain/imports/claim-author.ts";
import {
  addImportFiles,
  cancelImport,
  createImport,
  listImports,
  readImport,
  startImport,
} from "../../domain/imports/manage-imports.ts";
import { receivePart } from "../../domain/imports/receive-part.ts";
import { AppError } from "../../errors.ts";
import type { BodyDeadlines } from "../body-deadlines.ts";
import type { HttpOptions } from "../options.ts";
import { parse, textParam } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** Paths of the files of one call. */
const filesBodyBytes = 2 * 1024 * 1024;

/** Administrators upload exports of other systems here, and follow what becomes of them. */
export function importRoutes(app: FastifyInstance, { context }: HttpOptions, deadlines: BodyDeadlines): void {
  app.get("/api/instance/imports", (request) => listImports(context, sessionOf(request)));
  app.post("/api/instance/imports", async (request, reply) =>
    reply.code(201).send(await createImport(context, sessionOf(request))),
  );
  const files = { bodyLimit: filesBodyBytes, preParsing: administratorsOnly(context) };
  app.post("/api/instance/imports/:importId/files", files, (request) =>
    addImportFiles(context, sessionOf(request), textParam(request, "importId"), parse(importFilesBody, request.body)),
  );
  app.post("/api/instance/imports/:importId/preview", (request) =>
    readImport(context, sessionOf(request), textParam(request, "importId")),
  );
  app.post("/api/instance/imports/:importId/start", (request) =>
    startImport(context, sessionOf(request), textParam(request, "importId"), parse(importStartBody, request.body)),
  );
  app.delete("/api/instance/imports/:importId", (request) =>
    cancelImport(context, sessionOf(request), textParam(request, "importId")),
  );
  app.post("/api/instance/imports/authors", (request) =>
    claimAsAdmin(context, sessionOf(request), parse(importAuthorBody, request.body)),
  );
  void app.register(async (parts) => partRoute(parts, context, deadlines));
}

/** Before the body is read: nobody else makes the server keep and parse one that is so large. */
function administratorsOnly(context: HttpOptions["context"]) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      await requireAdmin(context, sessionOf(request));
    } catch (error) {
      reply.header("connection", "close");
      throw error;
    }
  };
}

/** Its body is read as it arrives. */
function partRoute(app: FastifyInstance, context: HttpOptions["context"], deadlines: BodyDeadlines): void {
  app.addContentTypeParser("application/octet-stream", (_request, body, done) => done(null, body));
  app.put("/api/instance/imports/:importId/bytes", async (request, reply) => {
    const { body } = request as { body: unknown };
    let copy: PassThrough | undefined;
    try {
      if (!isStream(body)) throw new AppError("unsupported_media", "Bytes are sent as application/octet-stream.");
      deadlines.allowUpload(request.raw);
      const { at } = parse(importPartQuery, request.query);
      const place = { id: textParam(request, "importId"), at };
      copy = copyOf(body);
      const answer = await receivePart(context, sessionOf(request), place, copy);
      await passOver(copy);
      return answer;
    } finally {
      copy?.destroy();
      // The rest of a refused part is still arriving.
      if (!request.raw.readableEnded) reply.header("connection", "close");
      request.raw.resume();
    }
  });
}

/** Whoever stops reading the copy leaves the request open for its answer. */
function copyOf(body: Readable): PassThrough {
  const copy = new PassThrough();
  // Of one that is refused, or whose reader has not begun yet, nobody else hears: the process would end.
  copy.on("error", () => {});
  body.pipe(copy);
  body.once("close", () => {
    if (!body.readableEnded) copy.destroy(new Error("The body was cut off."));
  });
  return copy;
}

/** Clients that are still sending when the connection is closed may not read the answer, which says what comes next. */
async function passOver(part: Readable): Promise<void> {
  let left: number = importLimits.partBytes;
  try {
    for await (const chunk of part as AsyncIterable<Buffer>) if ((left -= chunk.length) < 0) return;
  } catch {
    // Nobody waits for the answer.
  }
}

function isStream(body: unknown): body is Readable {
  return body !== null && typeof body === "object" && "pipe" in body;
}

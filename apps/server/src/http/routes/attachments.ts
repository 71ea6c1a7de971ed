import { Readable } from "node:stream";
import { uploadFields } from "@miscord/protocol/schemas";
import type { MultipartFile } from "@fastify/multipart";
import { create as contentDisposition } from "content-disposition";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authenticate } from "../../domain/accounts/authenticate.ts";
import { isShown } from "../../domain/attachments/content-type.ts";
import { readAttachment, removeUpload } from "../../domain/attachments/read-attachment.ts";
import { StillAttachments, type Still } from "../../domain/attachments/still-attachment.ts";
import { tooLarge } from "../../domain/attachments/upload-limits.ts";
import { uploadAttachment } from "../../domain/attachments/upload.ts";
import type { Actor } from "../../domain/context.ts";
import { AppError } from "../../errors.ts";
import { userById } from "../../store/queries/users.ts";
import type { AttachmentRow } from "../../store/schema.ts";
import { known } from "../anonymous-rate.ts";
import { byteRange } from "../byte-range.ts";
import type { BodyDeadlines } from "../body-deadlines.ts";
import { filesCookie } from "../cookies.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { bearerOf, sessionOf } from "../session.ts";
import { wantsStill } from "./pictures.ts";

/** Bytes that a multipart form may add to its file. */
const formBytes = 64 * 1024;

export function attachmentRoutes(app: FastifyInstance, { context }: HttpOptions, deadlines: BodyDeadlines): void {
  // A form is read as it arrives, by the limits below: the route's own would allow any other body as much.
  app.post("/api/attachments", async (request, reply) => {
    if (!request.isMultipart()) throw new AppError("unsupported_media", "A file is uploaded as multipart/form-data.");
    const maxUploadBytes = context.instance.values.max_upload_bytes;
    // Told at once when the size is announced; otherwise the limit below cuts the file off while it arrives.
    const announcedBytes = Number(request.headers["content-length"] ?? maxUploadBytes + formBytes) - formBytes;
    if (announcedBytes > maxUploadBytes) throw tooLarge(maxUploadBytes);
    deadlines.allowUpload(request.raw);
    const part = await fileOf(request, maxUploadBytes);
    const upload = {
      filename: part.filename,
      declaredType: part.mimetype,
      announcedBytes: Math.max(0, announcedBytes),
      maxBytes: maxUploadBytes,
      source: part.file,
      isTruncated: () => part.file.truncated,
    };
    try {
      const { duration_ms, waveform } = parse(uploadFields, valuesOf(part));
      const voice = duration_ms === undefined || waveform === undefined ? undefined : { duration_ms, waveform };
      return await reply.code(201).send(await uploadAttachment(context, sessionOf(request), { ...upload, voice }));
    } finally {
      // The rest of a refused file is still arriving; unread, it would block the connection.
      part.file.resume();
    }
  });

  app.delete("/api/attachments/:attachmentId", async (request, reply) => {
    await removeUpload(context, sessionOf(request), idParam(request, "attachmentId"));
    return reply.code(204).send();
  });
}

async function fileOf(request: FastifyRequest, maxBytes: number): Promise<MultipartFile> {
  const limits = { fileSize: maxBytes, fields: 5, parts: 6, fieldSize: 1_024 };
  const part = await request.file({ limits, throwFileSizeLimit: false }).catch((cause: unknown) => {
    throw new AppError("malformed", "The form cannot be read.", { cause });
  });
  if (!part) throw new AppError("invalid_request", "The form holds no file.");
  return part;
}

/** The form's fields before its file; of a name that comes twice none. */
function valuesOf({ fields }: MultipartFile): Record<string, unknown> {
  const single = Object.entries(fields).map(([name, field]) => [
    name,
    field && "value" in field ? field.value : undefined,
  ]);
  return Object.fromEntries(single) as Record<string, unknown>;
}

/**
 * Pictures in a page bring a cookie instead of a bearer header, in a page of version 1 a token in their address; both
 * open nothing but this.
 */
export function openAttachmentRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  const readerOf = async (request: FastifyRequest, attachmentId: number): Promise<Actor> => {
    const bearer = bearerOf(request);
    if (bearer !== undefined) return authenticate(context, bearer);
    const { token } = request.query as { token?: unknown };
    if (typeof token === "string") return readerOfLink(context, attachmentId, token);
    const cookie = request.cookies[filesCookie];
    if (cookie === undefined) throw new AppError("unauthorized", "You are not logged in.");
    return authenticate(context, cookie, "files");
  };
  const stills = new StillAttachments(context.storage);
  const send = async (request: FastifyRequest, reply: FastifyReply) => {
    const attachmentId = idParam(request, "attachmentId");
    const reader = await known(request, readerOf(request, attachmentId));
    const file = await readAttachment(context, reader, attachmentId);
    // Pages of version 1 are of another origin.
    if (typeof (request.query as { token?: unknown }).token === "string")
      reply.header("cross-origin-resource-policy", "cross-origin");
    const still = file.animated === 1 && wantsStill(request) ? await stills.of(file, reader.userId) : null;
    if (still) return sendStill(request, reply, file, still);
    describe(reply, file, etagOf(file)).header("accept-ranges", "bytes");
    if (request.headers["if-none-match"] === etagOf(file)) return reply.code(304).send();
    if (request.method === "HEAD") return reply.header("content-length", file.size).send(Readable.from([]));
    const { "if-range": ifRange, range: asked } = request.headers;
    const range = ifRange === undefined || ifRange === etagOf(file) ? byteRange(asked, file.size) : null;
    if (range === "unsatisfiable") return reply.code(416).header("content-range", `bytes */${file.size}`).send();
    if (range) {
      reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${file.size}`);
      reply.header("content-length", range.end - range.start + 1);
    } else {
      reply.header("content-length", file.size);
    }
    return reply.send(await context.storage.read(file.storage_key, range ?? undefined));
  };
  app.get("/api/attachments/:attachmentId", { compress: false }, send);
  app.get("/api/attachments/:attachmentId/:filename", { compress: false }, send);
}

/** A link belongs to no session, so that the end of all sessions of a disabled or deleted account does not end it. */
async function readerOfLink(
  { fileLinks, store }: HttpOptions["context"],
  attachmentId: number,
  token: string,
): Promise<Actor> {
  const userId = await fileLinks.verify(attachmentId, token);
  const user = await userById(store.db, userId);
  const isOpen = user?.disabled_at === null && user.deleted_at === null;
  if (!isOpen) throw new AppError("unauthorized", "The account is disabled.");
  return { userId };
}

/** The first frame of a picture that moves. */
function sendStill(request: FastifyRequest, reply: FastifyReply, file: AttachmentRow, still: Still) {
  const etag = etagOf(file, "-still");
  describe(reply, file, etag);
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  reply.header("content-length", still.length);
  return reply.send(request.method === "HEAD" ? Readable.from([]) : still.read());
}

/** Headers that keep a browser from treating an upload as a page of this origin. */
function describe(reply: FastifyReply, file: AttachmentRow, etag: string): FastifyReply {
  const type = isShown(file.content_type) ? "inline" : "attachment";
  return (
    reply
      .type(file.content_type === "text/plain" ? "text/plain; charset=utf-8" : file.content_type)
      .header("content-disposition", contentDisposition(file.filename, { type }))
      .header("content-security-policy", "default-src 'none'; sandbox")
      .header("x-content-type-options", "nosniff")
      // The bytes never change, but access does: caches must revalidate after a while.
      .header("cache-control", "private, max-age=3600")
      .header("etag", etag)
  );
}

/** `kind`: what is sent in place of the file. */
function etagOf({ id }: AttachmentRow, kind = ""): string {
  return `"attachment-${id}${kind}"`;
}

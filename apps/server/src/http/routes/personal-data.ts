import { Readable } from "node:stream";
import { create as contentDisposition } from "content-disposition";
import { deletionBody } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authenticate } from "../../domain/accounts/authenticate.ts";
import { keepAccount, requestDeletion } from "../../domain/accounts/request-deletion.ts";
import { describeData } from "../../domain/personal-data/inventory.ts";
import { listExports, readableExport, requestExport } from "../../domain/personal-data/request-export.ts";
import { AppError } from "../../errors.ts";
import { known } from "../anonymous-rate.ts";
import { byteRange } from "../byte-range.ts";
import { clearLoginCookies, filesCookie } from "../cookies.ts";
import type { HttpOptions } from "../options.ts";
import { parse, textParam } from "../parse.ts";
import { bearerOf, sessionOf } from "../session.ts";

/** What the instance keeps about the user: the list, copies of it, and the end of the account. */
export function personalDataRoutes(app: FastifyInstance, { context, config }: HttpOptions): void {
  app.get("/api/me/data", () => ({ lines: describeData({ ...config, retention: context.instance.retention }) }));
  app.get("/api/me/exports", (request) => listExports(context, sessionOf(request)));
  app.post("/api/me/exports", async (request, reply) =>
    reply.code(202).send(await requestExport(context, sessionOf(request))),
  );
  app.post("/api/me/deletion", async (request, reply) => {
    const deletion = await requestDeletion(context, sessionOf(request), parse(deletionBody, request.body));
    clearLoginCookies(reply);
    return reply.code(202).send(deletion);
  });
  app.delete("/api/me/deletion", (request) => keepAccount(context, sessionOf(request)));
}

/** The bytes of an export: a browser that downloads sends no header of ours, so the files cookie opens them too. */
export function openExportRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  const userOf = (request: FastifyRequest) => {
    const bearer = bearerOf(request);
    if (bearer !== undefined) return authenticate(context, bearer);
    const cookie = request.cookies[filesCookie];
    if (cookie === undefined) throw new AppError("unauthorized", "You are not logged in.");
    return authenticate(context, cookie, "files");
  };
  const send = async (request: FastifyRequest, reply: FastifyReply) => {
    const id = textParam(request, "exportId");
    const { key, size } = await readableExport(context, await known(request, userOf(request)), id);
    const etag = `"export-${id}"`;
    reply
      .type("application/zip")
      .header("content-disposition", contentDisposition("miscord-export.zip"))
      .header("x-content-type-options", "nosniff")
      .header("cache-control", "private, no-store")
      .header("accept-ranges", "bytes")
      .header("etag", etag);
    if (request.method === "HEAD") return reply.header("content-length", size).send(Readable.from([]));
    const { "if-range": ifRange, range: asked } = request.headers;
    const range = ifRange === undefined || ifRange === etag ? byteRange(asked, size) : null;
    if (range === "unsatisfiable") return reply.code(416).header("content-range", `bytes */${size}`).send();
    if (range) reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${size}`);
    reply.header("content-length", range ? range.end - range.start + 1 : size);
    return reply.send(await context.storage.read(key, range ?? undefined));
  };
  app.get("/api/me/exports/:exportId/:filename", { compress: false }, send);
}

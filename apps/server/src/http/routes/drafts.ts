import { draftBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listDrafts, saveDraft } from "../../domain/drafts/drafts.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function draftRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/me/drafts", async (request) => ({ drafts: await listDrafts(context, sessionOf(request)) }));
  app.put("/api/me/drafts/:channelId", (request) => {
    const { text } = parse(draftBody, request.body);
    return saveDraft(context, sessionOf(request), { channelId: idParam(request, "channelId"), text });
  });
}

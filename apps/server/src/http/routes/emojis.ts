import { pictureUrl } from "@miscord/protocol";
import { emojiPatch, emojiQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { changeEmoji, createEmoji, deleteEmoji } from "../../domain/emojis/manage-emojis.ts";
import { AppError } from "../../errors.ts";
import { emojiById } from "../../store/queries/emojis.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import type { PictureBodies } from "../picture-body.ts";
import { sessionOf } from "../session.ts";
import { limitReader } from "./pictures.ts";

export function emojiRoutes(app: FastifyInstance, { context }: HttpOptions, pictures: PictureBodies): void {
  app.register(async (uploads) => {
    pictures.accept(uploads);
    uploads.post("/api/servers/:serverId/emojis", async (request, reply) => {
      const fields = parse(emojiQuery, request.query);
      const emoji = await pictures.use(request, (bytes) =>
        createEmoji(context, sessionOf(request), idParam(request, "serverId"), { ...fields, bytes }),
      );
      return reply.code(201).send(emoji);
    });
  });
  app.patch("/api/servers/:serverId/emojis/:emojiId", (request) => {
    const target = { serverId: idParam(request, "serverId"), emojiId: idParam(request, "emojiId") };
    return changeEmoji(context, sessionOf(request), { ...target, ...parse(emojiPatch, request.body) });
  });
  app.delete("/api/servers/:serverId/emojis/:emojiId", async (request, reply) => {
    const target = { serverId: idParam(request, "serverId"), emojiId: idParam(request, "emojiId") };
    await deleteEmoji(context, sessionOf(request), target);
    return reply.code(204).send();
  });
}

/**
 * The picture of an emoji, for whoever knows its id: a text that they may read holds it. Ids are random, and neither server
 * nor name is told.
 */
export function openEmojiRoutes(app: FastifyInstance, options: HttpOptions): void {
  app.get("/api/emojis/:emojiId", async (request, reply) => {
    await limitReader(request, options);
    const emoji = await emojiById(options.context.store.db, idParam(request, "emojiId"));
    if (!emoji) throw new AppError("not_found", "There is no such emoji.");
    // The picture itself is kept for ever; whether it is still an emoji is asked again from time to time.
    return reply
      .header("cache-control", "public, max-age=300")
      .header("cross-origin-resource-policy", "cross-origin")
      .redirect(pictureUrl(emoji.picture_id));
  });
}

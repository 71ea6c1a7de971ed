import { pictureUrl } from "@miscord/protocol";
import { emojiPatch, emojiQuery, stickerPatch, stickerQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { emojiKind, stickerKind, type EmojiKind } from "../../domain/emojis/kinds.ts";
import { changeEmoji, createEmoji, deleteEmoji } from "../../domain/emojis/manage-emojis.ts";
import { AppError } from "../../errors.ts";
import { emojiById } from "../../store/queries/emojis.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import type { PictureBodies } from "../picture-body.ts";
import { sessionOf } from "../session.ts";
import { limitReader } from "./pictures.ts";

interface Schemas {
  query: typeof emojiQuery | typeof stickerQuery;
  patch: typeof emojiPatch | typeof stickerPatch;
}

/** Emoji and stickers of servers. */
export function emojiRoutes(app: FastifyInstance, options: HttpOptions, pictures: PictureBodies): void {
  manageRoutes(app, options, pictures, emojiKind, { query: emojiQuery, patch: emojiPatch });
  manageRoutes(app, options, pictures, stickerKind, { query: stickerQuery, patch: stickerPatch });
}

function manageRoutes(
  app: FastifyInstance,
  { context }: HttpOptions,
  pictures: PictureBodies,
  kind: EmojiKind,
  { query, patch }: Schemas,
): void {
  const path = `/api/servers/:serverId/${kind.table}`;
  const placeOf = (request: FastifyRequest) => ({ kind, serverId: idParam(request, "serverId") });
  app.register(async (uploads) => {
    pictures.accept(uploads);
    uploads.post(path, async (request, reply) => {
      const fields = parse(query, request.query);
      const created = await pictures.use(request, (bytes) =>
        createEmoji(context, sessionOf(request), placeOf(request), { ...fields, bytes }),
      );
      return reply.code(201).send(created);
    });
  });
  app.patch(`${path}/:emojiId`, (request) => {
    const id = idParam(request, "emojiId");
    return changeEmoji(context, sessionOf(request), placeOf(request), id, parse(patch, request.body));
  });
  app.delete(`${path}/:emojiId`, async (request, reply) => {
    await deleteEmoji(context, sessionOf(request), placeOf(request), idParam(request, "emojiId"));
    return reply.code(204).send();
  });
}

/**
 * The picture of an emoji or a sticker, for whoever knows its id: a text that they may read holds it. Ids are random, and
 * neither server nor name is told.
 */
export function openEmojiRoutes(app: FastifyInstance, options: HttpOptions): void {
  for (const { table, one } of [emojiKind, stickerKind]) {
    app.get(`/api/${table}/:emojiId`, async (request, reply) => {
      await limitReader(request, options);
      const row = await emojiById(options.context.store.db, table, idParam(request, "emojiId"));
      if (!row) throw new AppError("not_found", `There is no such ${one.split(" ")[1]}.`);
      // The picture itself is kept for ever; whether it is still shown is asked again from time to time.
      return reply
        .header("cache-control", "public, max-age=300")
        .header("cross-origin-resource-policy", "cross-origin")
        .redirect(pictureUrl(row.picture_id));
    });
  }
}

import { pictureUrl } from "@miscord/protocol";
import { emojiPatch, emojiQuery, stickerPatch, stickerQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { emojiKind, stickerKind, type EmojiKind } from "../../domain/emojis/kinds.ts";
import {
  changeInstanceEmoji,
  createInstanceEmoji,
  deleteInstanceEmoji,
  instancePicture,
} from "../../domain/emojis/instance-emojis.ts";
import { changeEmoji, createEmoji, deleteEmoji } from "../../domain/emojis/manage-emojis.ts";
import { emojiById } from "../../store/queries/emojis.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import type { PictureBodies } from "../picture-body.ts";
import { sessionOf } from "../session.ts";
import { limitReader, wantsStill } from "./pictures.ts";

interface Schemas {
  kind: EmojiKind;
  query: typeof emojiQuery | typeof stickerQuery;
  patch: typeof emojiPatch | typeof stickerPatch;
}

const kinds: readonly Schemas[] = [
  { kind: emojiKind, query: emojiQuery, patch: emojiPatch },
  { kind: stickerKind, query: stickerQuery, patch: stickerPatch },
];

/** Emoji and stickers of servers and of the instance. */
export function emojiRoutes(app: FastifyInstance, options: HttpOptions, pictures: PictureBodies): void {
  for (const schemas of kinds) {
    serverRoutes(app, options, pictures, schemas);
    instanceRoutes(app, options, pictures, schemas);
  }
}

function serverRoutes(
  app: FastifyInstance,
  { context }: HttpOptions,
  pictures: PictureBodies,
  { kind, query, patch }: Schemas,
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

function instanceRoutes(
  app: FastifyInstance,
  { context }: HttpOptions,
  pictures: PictureBodies,
  { kind, query, patch }: Schemas,
): void {
  const path = `/api/instance/${kind.table}`;
  app.register(async (uploads) => {
    pictures.accept(uploads);
    uploads.post(path, async (request, reply) => {
      const fields = parse(query, request.query);
      const created = await pictures.use(request, (bytes) =>
        createInstanceEmoji(context, sessionOf(request), kind, { ...fields, bytes }),
      );
      return reply.code(201).send(created);
    });
  });
  app.patch(`${path}/:emojiId`, (request) => {
    const change = { id: idParam(request, "emojiId"), ...parse(patch, request.body) };
    return changeInstanceEmoji(context, sessionOf(request), kind, change);
  });
  app.delete(`${path}/:emojiId`, async (request, reply) => {
    await deleteInstanceEmoji(context, sessionOf(request), kind, idParam(request, "emojiId"));
    return reply.code(204).send();
  });
}

/**
 * The picture of an emoji or a sticker, for whoever knows its id: a text that they may read holds it. Ids are random, and
 * neither server nor name is told.
 */
export function openEmojiRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { context } = options;
  for (const kind of [emojiKind, stickerKind]) {
    app.get(`/api/${kind.table}/:emojiId`, async (request, reply) => {
      await limitReader(request, options);
      const id = idParam(request, "emojiId");
      const row = await emojiById(context.store.db, kind.table, id);
      const pictureId = row?.picture_id ?? (await instancePicture(context, kind, id));
      // The picture itself is kept for ever; whether it is still shown is asked again from time to time.
      return reply
        .header("cache-control", "public, max-age=300")
        .header("cross-origin-resource-policy", "cross-origin")
        .redirect(pictureUrl(pictureId) + (wantsStill(request) ? "?still" : ""));
    });
  }
}

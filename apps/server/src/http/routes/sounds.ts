import { soundPatch, soundQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { changeSound, createSound, deleteSound, noSuchSound } from "../../domain/sounds/manage-sounds.ts";
import { soundById } from "../../store/queries/sounds.ts";
import { bodyOf } from "../head.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { soundBody, type PictureBodies } from "../picture-body.ts";
import { sessionOf } from "../session.ts";
import { limitReader } from "./pictures.ts";

const path = "/api/servers/:serverId/sounds";

/** Sounds of servers, for the soundboard. */
export function soundRoutes(app: FastifyInstance, { context }: HttpOptions, bodies: PictureBodies): void {
  const placeOf = (request: FastifyRequest) => ({
    serverId: idParam(request, "serverId"),
    soundId: idParam(request, "soundId"),
  });
  app.register(async (uploads) => {
    bodies.accept(uploads, soundBody);
    uploads.post(path, async (request, reply) => {
      const { emoji = null, ...fields } = parse(soundQuery, request.query);
      const serverId = idParam(request, "serverId");
      const create = (bytes: Buffer) => createSound(context, sessionOf(request), serverId, { ...fields, emoji, bytes });
      return reply.code(201).send(await bodies.use(request, create, soundBody));
    });
  });
  app.patch(`${path}/:soundId`, (request) =>
    changeSound(context, sessionOf(request), placeOf(request), parse(soundPatch, request.body)),
  );
  app.delete(`${path}/:soundId`, async (request, reply) => {
    await deleteSound(context, sessionOf(request), placeOf(request));
    return reply.code(204).send();
  });
}

/**
 * The file of a sound, for whoever knows its id: who is in a call in which it was played. Ids are random, and neither server nor
 * name is told. The file of an id never changes.
 */
export function openSoundRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { context } = options;
  app.get("/api/sounds/:soundId", { compress: false }, async (request, reply) => {
    await limitReader(request, options);
    const sound = await soundById(context.store.db, idParam(request, "soundId"));
    if (!sound) throw noSuchSound();
    const file = await bodyOf(request, () => context.storage.read(sound.file_id));
    return reply
      .type(sound.content_type)
      .header("content-length", sound.bytes)
      .header("content-security-policy", "default-src 'none'; sandbox")
      .header("x-content-type-options", "nosniff")
      .header("cache-control", "public, max-age=31536000, immutable")
      .header("cross-origin-resource-policy", "cross-origin")
      .send(file);
  });
}

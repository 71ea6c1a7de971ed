import { pictureUrl } from "@miscord/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticate } from "../../domain/accounts/authenticate.ts";
import { stillPicture } from "../../domain/pictures/still-picture.ts";
import { AppError } from "../../errors.ts";
import { pictureById } from "../../store/queries/pictures.ts";
import { limitRequest } from "../anonymous-rate.ts";
import { filesCookie } from "../cookies.ts";
import { bodyOf } from "../head.ts";
import type { HttpOptions } from "../options.ts";
import { pictureIdParam } from "../parse.ts";
import { bearerOf } from "../session.ts";

/** Pictures under ids that nobody can guess: whoever knows one has been shown it, also on a page before the login. */
export function pictureRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { context } = options;
  app.get("/api/pictures/:pictureId", { compress: false }, async (request, reply) => {
    await limitReader(request, options);
    const picture = await pictureById(context.store.db, pictureIdParam(request));
    if (!picture) throw new AppError("not_found", "There is no such picture.");
    reply
      .type("image/webp")
      .header("content-security-policy", "default-src 'none'; sandbox")
      .header("x-content-type-options", "nosniff")
      .header("cache-control", "public, max-age=31536000, immutable")
      .header("cross-origin-resource-policy", "cross-origin");
    if (!wantsStill(request)) {
      reply.header("content-length", picture.bytes);
      return reply.send(await bodyOf(request, () => context.storage.read(picture.id)));
    }
    const still = await stillPicture(context, picture);
    // One that does not move is the same file for all.
    if (!still) return reply.redirect(pictureUrl(picture.id));
    reply.header("content-length", still.length);
    return reply.send(await bodyOf(request, async () => still.read()));
  });
}

/** Whether the first frame of what moves is wanted: `?still`. */
export function wantsStill({ query }: FastifyRequest): boolean {
  return "still" in (query as object);
}

/** Users spend their own rate, so that a page of many faces is whole, and others that of their address. */
export async function limitReader(request: FastifyRequest, options: HttpOptions): Promise<void> {
  const { context } = options;
  const [bearer, cookie] = [bearerOf(request), request.cookies[filesCookie]];
  const token = bearer ?? cookie;
  const use = bearer === undefined ? "files" : "access";
  const reader = token === undefined ? null : await authenticate(context, token, use).catch(() => null);
  if (!reader) return limitRequest(request, options);
  request.isCounted = true;
  await context.rates.files.spend(reader.userId);
}

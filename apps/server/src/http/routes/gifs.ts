import { gifSearchBody, gifUploadBody, newGifBody } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticate } from "../../domain/accounts/authenticate.ts";
import { addGif, listGifs, removeGif, uploadFavourite } from "../../domain/gifs/favourites.ts";
import { foundPicture, searchGifs, uploadFound } from "../../domain/gifs/search-gifs.ts";
import { AppError } from "../../errors.ts";
import { known } from "../anonymous-rate.ts";
import { filesCookie } from "../cookies.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse, sealParam } from "../parse.ts";
import { bearerOf, sessionOf } from "../session.ts";
import { wantsStill } from "./pictures.ts";

/** The GIFs that the caller keeps, and those of the service that the operator has chosen. */
export function gifRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/me/gifs", async (request) => ({ gifs: await listGifs(context, sessionOf(request)) }));
  app.post("/api/me/gifs", async (request, reply) =>
    reply.code(201).send(await addGif(context, sessionOf(request), parse(newGifBody, request.body))),
  );
  app.delete("/api/me/gifs/:gifId", async (request, reply) => {
    await removeGif(context, sessionOf(request), idParam(request, "gifId"));
    return reply.code(204).send();
  });
  app.post("/api/me/gifs/:gifId/upload", async (request, reply) =>
    reply.code(201).send(await uploadFavourite(context, sessionOf(request), idParam(request, "gifId"))),
  );
  // What is searched is in the body: addresses are in the logs of proxies.
  app.post("/api/gifs/search", (request) =>
    searchGifs(context, sessionOf(request), parse(gifSearchBody, request.body ?? {})),
  );
  app.post("/api/gifs/upload", async (request, reply) => {
    const { found } = parse(gifUploadBody, request.body);
    return reply.code(201).send(await uploadFound(context, sessionOf(request), found));
  });
}

/** Small pictures of what a search has found, so that nobody's browser calls the service. */
export function openGifRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/gifs/:seal", { compress: false }, async (request, reply) => {
    const { userId } = await known(request, readerOf(request));
    await context.rates.files.spend(userId);
    const { bytes, contentType } = await foundPicture(context, sealParam(request), wantsStill(request));
    return reply
      .type(contentType)
      .header("content-security-policy", "default-src 'none'; sandbox")
      .header("x-content-type-options", "nosniff")
      .header("cache-control", "private, max-age=3600")
      .send(bytes);
  });

  function readerOf(request: FastifyRequest) {
    const bearer = bearerOf(request);
    if (bearer !== undefined) return authenticate(context, bearer);
    const cookie = request.cookies[filesCookie];
    if (cookie === undefined) throw new AppError("unauthorized", "You are not logged in.");
    return authenticate(context, cookie, "files");
  }
}

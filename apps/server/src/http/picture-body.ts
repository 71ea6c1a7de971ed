import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../errors.ts";
import type { BodyDeadlines } from "./body-deadlines.ts";

/** Bytes of an uploaded picture. Browsers crop and shrink them; animations come as they are. */
export const maxPictureBytes = 8 * 1024 * 1024;

/**
 * Adds routes whose body is a picture: `content-type: image/…`, the bytes themselves. To be called in a scope of its own,
 * after authentication.
 */
export function acceptPictures(scope: FastifyInstance, deadlines: BodyDeadlines): void {
  scope.addHook("preParsing", async (request) => {
    if (isPicture(request)) deadlines.allowUpload(request.raw);
  });
  scope.addContentTypeParser(/^image\//, { parseAs: "buffer", bodyLimit: maxPictureBytes }, (_request, body, done) =>
    done(null, body),
  );
}

/** The picture that is the request's body. */
export function pictureOf(request: FastifyRequest): Buffer {
  const { body } = request;
  if (!isPicture(request) || !Buffer.isBuffer(body) || body.length === 0) {
    throw new AppError("unsupported_media", "A picture is uploaded as the body, with its content type.");
  }
  return body;
}

function isPicture({ headers }: FastifyRequest): boolean {
  return headers["content-type"]?.startsWith("image/") === true;
}

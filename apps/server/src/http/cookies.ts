import type { FastifyReply, FastifyRequest } from "fastify";
import type { Login } from "../domain/accounts/sessions.ts";
import { AppError } from "../errors.ts";
import type { HttpOptions } from "./options.ts";

export const refreshCookie = "miscord_refresh";
/** Authorizes reading files and nothing else: an image in a page, and a download, cannot send a bearer header. */
export const filesCookie = "miscord_files";
const refreshPath = "/api/auth";
/** Attachments, the user's own exports, and pictures of GIFs that a search has found. */
const filesPaths = ["/api/attachments", "/api/me/exports", "/api/gifs"];

export function setLoginCookies(
  request: FastifyRequest,
  reply: FastifyReply,
  { cookies }: Login,
  publicUrl: string | undefined,
): void {
  if (!cookies) return;
  const shared = {
    httpOnly: true,
    sameSite: "strict",
    secure: isSecure(request, publicUrl),
    expires: new Date(cookies.expiresAt),
  } as const;
  reply.setCookie(refreshCookie, cookies.refresh, { ...shared, path: refreshPath });
  for (const path of filesPaths) reply.setCookie(filesCookie, cookies.files, { ...shared, path });
}

/** Binds a visit to a login provider to the browser. The return from the provider is a navigation from another site: Lax. */
export const visitCookie = "miscord_visit";
const visitPath = "/api/auth";

export function setVisitCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string,
  { publicUrl, maxAgeMs }: { publicUrl: string | undefined; maxAgeMs: number },
): void {
  reply.setCookie(visitCookie, secret, {
    httpOnly: true,
    sameSite: "lax",
    secure: isSecure(request, publicUrl),
    maxAge: Math.floor(maxAgeMs / 1_000),
    path: visitPath,
  });
}

export function clearVisitCookie(reply: FastifyReply): void {
  reply.clearCookie(visitCookie, { path: visitPath });
}

export function clearLoginCookies(reply: FastifyReply): void {
  reply.clearCookie(refreshCookie, { path: refreshPath });
  for (const path of filesPaths) reply.clearCookie(filesCookie, { path });
}

/** Behind a proxy that is not configured as trusted, TLS is only visible in the public address. */
function isSecure(request: FastifyRequest, publicUrl: string | undefined): boolean {
  if (request.protocol === "https") return true;
  const url = publicUrl === undefined ? undefined : new URL(publicUrl);
  return url?.protocol === "https:" && url.host === request.host;
}

/** For routes that read or set cookies: refuses requests from pages of other origins. @throws AppError `forbidden` */
export function requireOwnOrigin(
  request: FastifyRequest,
  { origins, addressOf }: Pick<HttpOptions, "origins" | "addressOf">,
): void {
  if (origins.allowsCookies(request.headers.origin, addressOf(request.raw).host)) return;
  throw new AppError("forbidden", "This origin is not allowed. Set CORS_ORIGINS or PUBLIC_URL.");
}

import type { FastifyRequest } from "fastify";
import type { RelyingParty } from "../domain/accounts/passkeys.ts";

/**
 * For whom passkeys of this instance are: its public address. Browsers have passkeys on pages with https and a domain name
 * only; the exception is localhost, which needs no public address. Null: passkeys are impossible.
 */
export function relyingParty(request: FastifyRequest, publicUrl: string | undefined): RelyingParty | null {
  const url = publicUrl === undefined ? localUrl(request.host) : new URL(publicUrl);
  if (!url) return null;
  const { protocol, hostname: id, origin } = url;
  const isName = /[a-z]/i.test(id) && !id.includes(":");
  return isName && (protocol === "https:" || id === "localhost") ? { id, origin } : null;
}

/** The header of another host is not believed: it would let the sender choose for whom passkeys are. */
function localUrl(host: string): URL | null {
  return /^localhost(:\d{1,5})?$/.test(host) ? new URL(`http://${host}`) : null;
}

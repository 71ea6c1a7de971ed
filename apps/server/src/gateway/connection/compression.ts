/**
 * Without context takeover, so that one compressed frame can be sent to every connection that negotiated compression.
 */
export const perMessageDeflate = { serverNoContextTakeover: true, clientNoContextTakeover: true };

/**
 * Removes permessage-deflate offers that limit the server's window: such a client could not inflate the shared bytes,
 * and `ws` would refuse its handshake. Without the offer the connection is served uncompressed.
 */
export function acceptableExtensions(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const offers = header.split(",").filter((offer) => !/server_max_window_bits/i.test(offer));
  return offers.length > 0 ? offers.join(",") : undefined;
}

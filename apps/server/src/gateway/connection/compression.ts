/** Without context takeover, so that one compressed frame serves all who negotiated it. */
export const perMessageDeflate = { serverNoContextTakeover: true, clientNoContextTakeover: true };

/**
 * Offers of permessage-deflate that name a server window are taken out: a client with a smaller one could not inflate
 * the shared bytes, and `ws` would refuse its handshake where it can simply be served uncompressed.
 */
export function acceptableExtensions(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const offers = header.split(",").filter((offer) => !/server_max_window_bits/i.test(offer));
  return offers.length > 0 ? offers.join(",") : undefined;
}

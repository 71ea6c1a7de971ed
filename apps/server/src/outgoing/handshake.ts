import { DEFAULT_CIPHERS } from "node:tls";

/**
 * How connections to strangers agree on a key: in no group whose numbers the other side chooses. One of ten thousand bits takes half a
 * second.
 */
export const handshake = {
  ciphers: `${DEFAULT_CIPHERS}:!DHE`,
  ecdhCurve: "X25519MLKEM768:X25519:prime256v1:secp384r1",
};

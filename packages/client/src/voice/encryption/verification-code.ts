const digits = 30;
const perGroup = 5;

/** What people read to each other: thirty digits, in groups of five, that follow from the secret. */
export async function verificationCode(authenticator: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(authenticator));
  const number = new Uint8Array(hash).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const text = (number % 10n ** BigInt(digits)).toString().padStart(digits, "0");
  return text.match(new RegExp(`.{${perGroup}}`, "g"))!.join(" ");
}

/** Names the key of a device. */
export async function fingerprint(publicKey: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(publicKey));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

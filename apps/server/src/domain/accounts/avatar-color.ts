/** Distinct colours with enough contrast for both dark and light text. */
const palette = ["#5b8def", "#3fa796", "#c2784e", "#b565a7", "#7a8b3c", "#d1605e", "#6c72cb", "#4f9d69"];

/** The colour behind the initials of an account without a picture. */
export function avatarColor(username: string): string {
  const sum = Buffer.from(username).reduce((total, byte) => total + byte, 0);
  return palette[sum % palette.length]!;
}

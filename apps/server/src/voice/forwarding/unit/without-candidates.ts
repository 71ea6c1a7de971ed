/** The description without addresses of its sender. The last line need not end. */
export function withoutCandidates(sdp: string): string {
  return sdp
    .split("\n")
    .filter((line) => !/^\s*a=(?:candidate|remote-candidates)/i.test(line))
    .join("\n");
}

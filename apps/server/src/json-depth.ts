import { limits } from "@miscord/protocol";

const quote = 0x22;
const backslash = 0x5c;
const opening = [0x5b, 0x7b] as const;
const closing = [0x5d, 0x7d] as const;

/**
 * Whether JSON that somebody has sent is nested more deeply than anything of ours is. Checked on the raw bytes, before `JSON.parse`
 * allocates anything: an object within an object takes it several times as long as others. Brackets in strings do not count.
 */
export function isTooDeep(json: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i]!;
    if (inString) {
      if (byte === backslash) i += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) {
      inString = true;
    } else if (byte === opening[0] || byte === opening[1]) {
      depth += 1;
      if (depth > limits.jsonDepth) return true;
    } else if (byte === closing[0] || byte === closing[1]) {
      depth -= 1;
    }
  }
  return false;
}

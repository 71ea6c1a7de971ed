const inHeader = /charset\s*=\s*"?([^\s";]+)/i;
/** `<meta charset=…>` and `<meta http-equiv content="…; charset=…">`. */
const inMeta = /<meta[^>]{0,200}?charset\s*=\s*["']?([^\s"'/>;]+)/i;

/** Reads a page's bytes as text: by a byte order mark, the header, the page's own word, or as UTF-8. */
export function decoderOf(contentType: string, beginning: Buffer): TextDecoder {
  const named = markOf(beginning) ?? inHeader.exec(contentType)?.[1] ?? ownWord(beginning) ?? "utf-8";
  try {
    return new TextDecoder(named);
  } catch {
    return new TextDecoder();
  }
}

function markOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : undefined;
}

/** Browsers look at this much as well. A page that could be read so far is not in UTF-16. */
function ownWord(bytes: Buffer): string | undefined {
  const named = inMeta.exec(bytes.subarray(0, 1_024).toString("latin1"))?.[1];
  return named && /^utf-?16/i.test(named) ? "utf-8" : named;
}

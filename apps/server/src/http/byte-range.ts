export interface ByteRange {
  start: number;
  /** Included. */
  end: number;
}

/**
 * The one range that a client asks for. Null: send it whole, which is also the answer to what we do not serve
 * (several ranges, other units). `unsatisfiable`: nothing of the file lies in it.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && first !== "" && Number(last) < start) return null;
  return start <= end ? { start, end } : "unsatisfiable";
}

export interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}

/**
 * The range that a `Range` header asks for. Null: send the whole file, also for requests that are not supported
 * (several ranges, other units). `unsatisfiable`: the range lies outside the file.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && first !== "" && Number(last) < start) return null;
  return start <= end ? { start, end } : "unsatisfiable";
}

import type { Box } from "./boxes.ts";

/** Turns a box into free space of the same size, which readers skip. */
export function makeFree(bytes: Buffer, { start, body, end }: Box): void {
  bytes.write("free", start + 4, "latin1");
  bytes.fill(0, body, end);
}

import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8's young generation at its first size, about 1 MB, until the returned function is called. While modules load, what
 * is young survives, so that it would grow to 20 MB, and an instance at rest never gives them back. Afterwards it grows with
 * the load, as ever.
 */
export function keepYoungGenerationSmall(): () => void {
  setFlagsFromString("--semi-space-growth-factor=1");
  return () => setFlagsFromString("--semi-space-growth-factor=2");
}

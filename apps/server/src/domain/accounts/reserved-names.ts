import { skeletonOf } from "@miscord/text/skeleton";

const reserved: ReadonlySet<string> = new Set(["everyone", "here"].map(skeletonOf));

/** Whether a name addresses groups of people, or looks as if it did: nobody may be called this. */
export function isReserved(username: string): boolean {
  return reserved.has(skeletonOf(username));
}

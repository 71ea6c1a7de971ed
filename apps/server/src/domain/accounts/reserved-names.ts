const reserved = ["everyone", "here"];

/** Whether a name addresses groups of people, or looks as if it did: nobody may be called this. */
export async function isReserved(username: string): Promise<boolean> {
  const skeleton = await skeletonOf(username);
  for (const name of reserved) if ((await skeletonOf(name)) === skeleton) return true;
  return false;
}

/** See `@miscord/text/skeleton`. Loaded when somebody registers: the table of look-alikes takes a megabyte. */
export async function skeletonOf(username: string): Promise<string> {
  return (await import("@miscord/text/skeleton")).skeletonOf(username);
}

import { forgetShared, hasShared, sharedCache } from "./shared-cache.ts";

/** What another app has shared with this one, as the service worker keeps it. */
export interface SharedContent {
  readonly text: string;
  readonly files: readonly File[];
  /** Number of files that were too many or too large to keep. */
  readonly lost: number;
}

interface Stored {
  text: string;
  files: readonly { name: string; type: string }[];
  lost: number;
  at: number;
}

/** Nobody expects to be asked about something older. */
const keptMs = 24 * 3_600_000;

/** Null when nothing waits. */
export async function sharedContent(): Promise<SharedContent | null> {
  if (!(await hasShared())) return null;
  const cache = await caches.open(sharedCache);
  const stored = (await (await cache.match("/shared"))?.json()) as Stored | undefined;
  if (!stored || Date.now() - stored.at > keptMs) {
    await forgetShared();
    return null;
  }
  const files = await Promise.all(
    stored.files.map(async ({ name, type }, index) => {
      const bytes = await (await cache.match(`/shared/${index}`))?.blob();
      return bytes ? [new File([bytes], name, { type })] : [];
    }),
  );
  return { text: stored.text, files: files.flat(), lost: stored.lost };
}

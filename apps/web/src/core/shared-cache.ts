/** Where the service worker keeps what another app has shared: `public/sw.js` has the same name. */
export const sharedCache = "miscord-shared-1";

export async function hasShared(): Promise<boolean> {
  return globalThis.caches?.has(sharedCache) ?? false;
}

export async function forgetShared(): Promise<void> {
  await globalThis.caches?.delete(sharedCache);
}

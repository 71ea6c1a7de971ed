// Service worker for offline use. Pages come from the network first, hashed assets from the cache first; /api and /ws
// are never cached.
const shellCache = "miscord-shell-2";
const assetCache = "miscord-assets-1";
/** Most cached assets, about three builds' worth. Beyond that the oldest are deleted. */
const maxAssets = 240;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(shellCache).then((cache) => cache.addAll(["/", "/icons/icon.svg"])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const known = [shellCache, assetCache];
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => !known.includes(name)).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (/^\/(?:api|ws|health|metrics)(?:\/|$)/.test(url.pathname)) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(cacheFirst(request));
  else if (request.mode === "navigate") event.respondWith(networkFirst(request, "/"));
  else event.respondWith(networkFirst(request, request));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPath(event.notification.data.path));
});

/** Opens the path in an already open page, else in a new window. */
async function openPath(path) {
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(path);
  page.postMessage({ type: "open", path });
  return page.focus();
}

async function cacheFirst(request) {
  const cache = await caches.open(assetCache);
  const cached = await cache.match(request);
  if (cached) return cached;
  const response = await fetch(request);
  if (response.ok) {
    await keep(cache, request, response);
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - maxAssets)).map((key) => cache.delete(key)));
  }
  return response;
}

/** A cache that is full or that the browser took away must not cost the page a response that did arrive. */
async function keep(cache, key, response) {
  await cache.put(key, response.clone()).catch(() => {});
}

/** Answers from the network, else from the cache. All pages of the app are one document, stored under `key`. */
async function networkFirst(request, key) {
  const cache = await caches.open(shellCache);
  try {
    const response = await fetch(request);
    if (response.ok) await keep(cache, key, response);
    return response;
  } catch (error) {
    const cached = await cache.match(key);
    if (cached) return cached;
    throw error;
  }
}

// Service worker for offline use. Pages come from the network first, hashed assets from the cache first; /api and /ws
// are never cached.
const shellCache = "miscord-shell-2";
const assetCache = "miscord-assets-1";
/** Which message each notification rang for last, so that one that comes twice rings once. */
const rungCache = "miscord-rung-1";
/** What another app has shared, until the page takes it: `core/shared-cache.ts` has the same name. */
const sharedCache = "miscord-shared-1";
/** A page of somebody else can share, too: it must not fill the disk. */
const maxShared = { files: 10, bytes: 256 * 1_048_576, letters: 8_000 };
/** Most tags that are remembered. */
const maxRung = 200;
/** Most cached assets, about three builds' worth. Beyond that the oldest are deleted. */
const maxAssets = 240;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(shellCache).then((cache) => cache.addAll(["/", "/icons/icon.svg"])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const known = [shellCache, assetCache, rungCache, sharedCache];
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
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === "/share") event.respondWith(shared(request));
  if (request.method !== "GET") return;
  if (/^\/(?:api|ws|health|metrics)(?:\/|$)/.test(url.pathname)) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(cacheFirst(request));
  else if (request.mode === "navigate") event.respondWith(networkFirst(request, "/"));
  else event.respondWith(networkFirst(request, request));
});

self.addEventListener("push", (event) => {
  const payload = event.data?.json();
  if (payload) event.waitUntil(received(payload));
});

// The page tells the server of the new subscription when it starts, and at once if it is open.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(subscribeAgain(event.oldSubscription?.options.applicationServerKey));
});

self.addEventListener("notificationclick", (event) => {
  const { notification, action, reply } = event;
  notification.close();
  const { path, act } = notification.data;
  // Platforms without a text field open the channel for a reply.
  const isDone = act && action && (action !== "reply" || reply);
  event.waitUntil(isDone ? perform(notification, { ...act, action, content: reply ?? undefined }) : openPath(path));
});

/** Shows a push, unless it is told by a page of this browser that is looked at, or it rang before; closes what was read elsewhere. */
async function received(payload) {
  const { type, close, badge, tag, version, title, always = false } = payload;
  for (const shown of await self.registration.getNotifications()) if (close.includes(shown.tag)) shown.close();
  await setBadge(badge);
  if (type !== "ring") return;
  // Without a version it is a test, which whoever looks at the page waits for.
  if (version !== undefined && ((!always && (await isLookedAt())) || (await hasRung(tag, version)))) return;
  await self.registration.showNotification(title, optionsOf(payload));
}

function optionsOf({ tag, body, path, act, silent = false, timestamp, actions = [] }) {
  const shown = actions.slice(0, Notification.maxActions ?? 2);
  return {
    tag,
    body,
    silent,
    renotify: !silent,
    timestamp,
    icon: "/icons/icon-192.png",
    data: { path, act },
    actions: shown.map((each) => (each.action === "reply" ? { ...each, type: "text" } : each)),
  };
}

async function setBadge(count) {
  await self.navigator.setAppBadge?.(count).catch(() => {});
}

async function isLookedAt() {
  const pages = await self.clients.matchAll({ type: "window" });
  return pages.some((page) => page.focused && page.visibilityState === "visible");
}

/** Whether a push of this version, or of a later one, has rung under the tag; if not, it has from now on. */
async function hasRung(tag, version) {
  const cache = await caches.open(rungCache);
  const key = `/rung/${encodeURIComponent(tag)}`;
  const before = await cache.match(key);
  if (before && Number(await before.text()) >= version) return true;
  await cache.delete(key);
  await keep(cache, key, new Response(String(version)));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - maxRung)).map((old) => cache.delete(old)));
  return false;
}

/** Does what a button says. A reply that could not be sent is shown, so that it is not lost. */
async function perform(notification, act) {
  const { title, data } = notification;
  const body = JSON.stringify(act);
  const request = { method: "POST", headers: { "content-type": "application/json" }, body };
  const isDone = await fetch("/api/push/act", request).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isDone || act.action !== "reply") return;
  await self.registration.showNotification(`⚠ ${title}`, { tag: `unsent-${act.id}`, body: act.content, data });
}

async function subscribeAgain(applicationServerKey) {
  if (applicationServerKey) {
    await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }).catch(() => {});
  }
  const pages = await self.clients.matchAll({ type: "window" });
  for (const page of pages) page.postMessage({ type: "subscribe" });
}

/** Opens the path in an already open page, else in a new window. */
async function openPath(path) {
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(path);
  page.postMessage({ type: "open", path });
  return page.focus();
}

/**
 * Keeps what is shared, with or without a network, in place of what was shared before, and opens the page that asks where it
 * belongs. Nothing is sent.
 */
async function shared(request) {
  const form = await request.formData();
  const given = form.getAll("files").filter((file) => file instanceof File && file.size > 0);
  const files = [];
  for (const file of given) {
    const bytes = files.reduce((sum, { size }) => sum + size, file.size);
    if (files.length < maxShared.files && bytes <= maxShared.bytes) files.push(file);
  }
  await caches.delete(sharedCache);
  const cache = await caches.open(sharedCache);
  const isKept = await Promise.all(files.map((file, index) => cache.put(`/shared/${index}`, new Response(file)))).then(
    () => true,
    () => false,
  );
  const kept = isKept ? files : [];
  const about = {
    text: sharedText(form),
    files: kept.map(({ name, type }) => ({ name, type })),
    lost: given.length - kept.length,
    at: Date.now(),
  };
  await cache.put("/shared", new Response(JSON.stringify(about)));
  return Response.redirect("/share", 303);
}

/** Title, text and address, each on a line, without those that another one contains. */
function sharedText(form) {
  const parts = ["title", "text", "url"]
    .map((name) => form.get(name))
    .filter((part) => typeof part === "string" && part.trim() !== "");
  const own = parts.filter(
    (part, index) => !parts.some((other, at) => at !== index && contains(other, part, at < index)),
  );
  return own.join("\n").slice(0, maxShared.letters);
}

/** Of two that are the same the first stays. */
function contains(other, part, isEarlier) {
  return other === part ? isEarlier : other.includes(part);
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

/**
 * Answers from the network, else from the cache. All pages of the app are one document, stored under `key`; a file that is opened by its
 * address is none of them.
 */
async function networkFirst(request, key) {
  const cache = await caches.open(shellCache);
  try {
    const response = await fetch(request);
    const isPage = response.headers.get("content-type")?.startsWith("text/html");
    if (response.ok && (isPage || key !== "/")) await keep(cache, key, response);
    return response;
  } catch (error) {
    const cached = await cache.match(key);
    if (cached) return cached;
    throw error;
  }
}

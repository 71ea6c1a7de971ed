// Runs before the first paint and before the page's own code has arrived.

// Without its code the page would stay blank for good. It is loaded once more, and then says so; the words are in
// index.html until the app replaces them. The mark stays until the app shows (src/core/forget-restart.ts): code may fail
// after minutes only.
(() => {
  const mark = "miscord.restarted";
  const markRestart = () => {
    try {
      const isRepeat = sessionStorage.getItem(mark) !== null;
      sessionStorage.setItem(mark, "1");
      return !isRepeat;
    } catch {
      // Without storage the page cannot know whether it has already been loaded again.
      return false;
    }
  };
  const onFailure = ({ target }) => {
    const fallback = document.querySelector(".start-fallback");
    const isNeeded = target === globalThis || target.matches?.("script, link[rel=stylesheet]");
    if (!isNeeded || (document.readyState !== "loading" && !fallback)) return;
    // A reload in the middle of a renewal would lose the new refresh token, and with it the session.
    if (navigator.onLine && markRestart())
      void Promise.resolve(globalThis.miscordRenewal).then(() => location.reload());
    else fallback?.classList.replace("start-fallback", "start-failed");
  };
  addEventListener("error", onFailure, true);
  addEventListener("unhandledrejection", onFailure);
  // The link's empty address is this page's without the fragment, which may hold a token.
  addEventListener("click", (event) => {
    if (!event.target.closest?.(".start-fallback a, .start-failed a")) return;
    event.preventDefault();
    location.reload();
  });
})();

// Sets the theme, so that the other one never flashes. src/core/theme.ts takes over later.
(() => {
  const stored = (key) => {
    try {
      return localStorage.getItem(`miscord.${key}`);
    } catch {
      // Storage may be forbidden; the browser's own preferences still apply.
      return null;
    }
  };

  const chosen = stored("theme");
  const light = chosen === "light" || (chosen !== "dark" && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.dataset.theme = light ? "light" : "dark";

  // The texts of the language in use, whose addresses the build writes beside this script's own (src/i18n/index.ts).
  const { dataset } = document.currentScript;
  const languages = [stored("locale") ?? "", ...navigator.languages].map((tag) => tag.toLowerCase().split("-")[0]);
  const texts = dataset[languages.find((language) => language in dataset) ?? "en"];
  if (texts) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "modulepreload", href: texts, crossOrigin: "" });
    document.head.append(link);
  }

  // Requests that every start makes. Sent here they cost no round trip after the code has arrived: seconds on a slow
  // phone. src/core/early-requests.ts uses the answers, each of which is a response and the header it was asked with.
  const early = {};
  // As long as a request of the client may take (packages/client/src/rest/http.ts); later ones wait for these.
  const deadline = () => AbortSignal.timeout?.(20_000);
  // Read whole within the deadline, which the code that takes the answer may come after.
  const whole = async (response) => new Response(await response.blob(), response);
  const ask = async (path, authorization) => ({
    authorization,
    response: await whole(
      await fetch(path, {
        credentials: "include",
        headers: authorization ? { authorization } : {},
        signal: deadline(),
      }),
    ),
  });
  early["/api/instance"] = ask("/api/instance");
  // Tabs take turns at the refresh token, by the lock that the client uses too. A logout that is still due goes first.
  if ("locks" in navigator && stored("logout") !== "due") {
    const refresh = async () =>
      whole(await fetch("/api/auth/refresh", { method: "POST", credentials: "include", signal: deadline() }));
    const refreshed = navigator.locks.request("miscord-refresh", refresh);
    early["/api/auth/refresh"] = refreshed.then((response) => ({ response }));
    globalThis.miscordRenewal = refreshed.catch(() => {});
    // The channel in the address, as src/app/channel-page.tsx requests it.
    const [, channelId, messageId] = /^\/channels\/\d+\/(\d{1,16})(?:\/(\d{1,16}))?$/.exec(location.pathname) ?? [];
    if (channelId) {
      const tokenOf = async (response) => (response.ok ? (await response.clone().json()).access_token : null);
      const token = refreshed.then(tokenOf).catch(() => null);
      const query = messageId ? `?around=${messageId}` : "";
      for (const path of ["/api/servers", `/api/channels/${channelId}/messages${query}`]) {
        early[path] = token.then((given) => given && ask(path, `Bearer ${given}`));
      }
    }
  }
  // An answer that nothing asks for must not be reported as an unhandled failure.
  for (const answer of Object.values(early)) answer.catch(() => {});
  globalThis.miscordEarly = early;
})();

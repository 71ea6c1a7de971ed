/**
 * Answers to requests that public/start.js has sent, by path. `authorization`: the header that was sent. Null: there was
 * no session to ask with.
 */
interface EarlyRequests {
  miscordEarly?: Record<string, Promise<{ response: Response; authorization?: string } | null>>;
}

/**
 * Like `fetch`, but the first request of a path that public/start.js has sent already gets that answer, unless that was
 * asked for another session.
 */
export async function fetchOrTakeEarly(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const { miscordEarly: early = {} } = globalThis as EarlyRequests;
  const answer = typeof input === "string" ? early[input] : undefined;
  if (answer === undefined) return fetch(input, init);
  delete early[input as string];
  const taken = await answer;
  const isOwn = taken && (taken.authorization ?? null) === new Headers(init.headers).get("authorization");
  return isOwn ? taken.response : fetch(input, init);
}

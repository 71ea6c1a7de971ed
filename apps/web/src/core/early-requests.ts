/** Answers to requests that public/start.js has sent, by path. */
interface EarlyRequests {
  miscordEarly?: Record<string, Promise<Response>>;
}

/** Like `fetch`, but the first request of a path that public/start.js has sent already gets that answer. */
export function fetchOrTakeEarly(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const { miscordEarly: early = {} } = globalThis as EarlyRequests;
  const answer = typeof input === "string" ? early[input] : undefined;
  if (answer === undefined) return fetch(input, init);
  delete early[input as string];
  return answer;
}

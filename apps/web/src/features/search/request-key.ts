import type { SearchRequest } from "@miscord/client";

/** A request as text: equal requests are equal texts, so that effects do not repeat. */
export type SearchRequestKey = string & { readonly isRequest?: true };

export function keyOf(request: SearchRequest): SearchRequestKey {
  return JSON.stringify(request);
}

export function requestFor(key: SearchRequestKey): SearchRequest {
  return JSON.parse(key) as SearchRequest;
}

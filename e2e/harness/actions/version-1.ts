import type { Person } from "../person.ts";

/** An access token for a client of version 1, which sends a form instead of JSON. */
export async function logInAsVersion1({ url, username, password }: Person): Promise<string> {
  const body = new URLSearchParams({ username, password });
  const answer = await fetch(`${url}/api/auth/login`, { method: "POST", body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

import type { Credentials, Newcomer, ProviderPurpose, ProviderRedirect } from "@miscord/protocol";
import { ServiceVisitor } from "./openid-service.ts";
import { TestClient, type Answer } from "./test-client.ts";

/** The address of the servers of these tests, which their clients replace by the real one. */
export const publicUrl = "https://chat.example.org";
export const callback = "/api/auth/providers/school/callback";

/** The page of the provider `school`. */
export async function begin(client: TestClient, purpose?: ProviderPurpose): Promise<string> {
  const path = `/api/auth/providers/school${purpose ? "/visit" : ""}`;
  return (await client.post<ProviderRedirect>(path, purpose ? { purpose } : {})).url;
}

export function comeBack(client: TestClient, { search }: URL, path = callback): Promise<Answer<unknown>> {
  return client.request("GET", path + search, { redirect: "manual" });
}

export function landing({ headers }: Answer<unknown>): string | null {
  return headers.get("location");
}

/** Goes to the service as `name` and comes back, as a browser does; resolves with the page that is opened then. */
export async function visit(
  client: TestClient,
  name: string,
  { purpose, at = new ServiceVisitor() }: { purpose?: ProviderPurpose; at?: ServiceVisitor } = {},
): Promise<string | null> {
  return landing(await comeBack(client, await at.visit(await begin(client, purpose), name)));
}

export async function finish(client: TestClient): Promise<Answer<Credentials & Newcomer>> {
  const answer = await client.request<Credentials & Newcomer>("POST", "/api/auth/visit/finish");
  if (answer.status === 200) client.token = answer.body.access_token ?? client.token;
  return answer;
}

/** A new account that only the provider lets in. */
export async function newcomer(url: string, name: string): Promise<TestClient> {
  const client = new TestClient(url);
  await visit(client, name);
  const body = { username: name };
  const answer = await client.request<Credentials>("POST", "/api/auth/visit/register", { body });
  if (answer.status !== 201) throw new Error(`not registered: ${answer.status} ${JSON.stringify(answer.body)}`);
  client.token = answer.body.access_token;
  client.me = answer.body.user;
  return client;
}

import type { Attachment, Credentials, ErrorCode, Me, Message, ServerState } from "@miscord/protocol";

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
  /** The error code of a refusal. */
  code: ErrorCode | undefined;
}

interface RequestOptions {
  redirect?: "manual";
  body?: unknown;
  headers?: Record<string, string>;
}

const password = "correct horse battery";

/** An HTTP client of one user: keeps cookies and the access token. */
export class TestClient {
  readonly url: string;
  readonly cookies = new Map<string, string>();
  token: string | null = null;
  me!: Me;

  constructor(url: string) {
    this.url = url;
  }

  static async register(url: string, username: string, extra: Record<string, unknown> = {}): Promise<TestClient> {
    const client = new TestClient(url);
    const body = { username, email: `${username}@example.org`, password, ...extra };
    client.#take(await client.request<Credentials>("POST", "/api/auth/register", { body }));
    return client;
  }

  static async logIn(url: string, username: string): Promise<TestClient> {
    const client = new TestClient(url);
    const body = { username, password };
    client.#take(await client.request<Credentials>("POST", "/api/auth/login", { body }));
    return client;
  }

  async request<Body = unknown>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<Body>> {
    const isForm = options.body instanceof FormData || options.body instanceof URLSearchParams;
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(this.url + path, {
      method,
      redirect: options.redirect ?? "follow",
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(cookie && { cookie }),
        ...(options.body !== undefined && !isForm && { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(options.body !== undefined && {
        body: isForm ? (options.body as FormData) : JSON.stringify(options.body),
      }),
    });
    this.#keepCookies(response.headers);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("application/json");
    const body = (isJson ? JSON.parse(text) : text) as Body & { error?: { code: ErrorCode } };
    const code = isJson ? body.error?.code : undefined;
    return { status: response.status, headers: response.headers, body, code };
  }

  async get<Body>(path: string): Promise<Body> {
    return (await this.#ok<Body>("GET", path)).body;
  }

  async post<Body>(path: string, body: unknown = {}): Promise<Body> {
    return (await this.#ok<Body>("POST", path, body)).body;
  }

  async put(path: string, body: unknown = {}): Promise<void> {
    await this.#ok("PUT", path, body);
  }

  async patch<Body>(path: string, body: unknown): Promise<Body> {
    return (await this.#ok<Body>("PATCH", path, body)).body;
  }

  async delete(path: string): Promise<void> {
    await this.#ok("DELETE", path);
  }

  createServer(name = "Home"): Promise<ServerState> {
    return this.post<ServerState>("/api/servers", { name });
  }

  async invite(serverId: number, body: Record<string, unknown> = {}): Promise<string> {
    return (await this.post<{ code: string }>(`/api/servers/${serverId}/invites`, body)).code;
  }

  async join(code: string): Promise<ServerState> {
    return (await this.post<{ server: ServerState }>(`/api/invites/${code}`)).server;
  }

  send(channelId: number, content: string, extra: Record<string, unknown> = {}): Promise<Message> {
    return this.post<Message>(`/api/channels/${channelId}/messages`, { content, ...extra });
  }

  upload(
    bytes: BlobPart,
    name: string,
    type = "application/octet-stream",
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Attachment>> {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    form.append("file", new Blob([bytes], { type }), name);
    return this.request<Attachment>("POST", "/api/attachments", { body: form });
  }

  async refresh(): Promise<Answer<Credentials>> {
    this.token = null;
    const answer = await this.request<Credentials>("POST", "/api/auth/refresh");
    if (answer.status === 200) this.#take(answer);
    return answer;
  }

  async #ok<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const answer = await this.request<Body>(method, path, { body });
    if (answer.status < 300) return answer;
    throw new Error(`${method} ${path} was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  #take(answer: Answer<Credentials>): void {
    if (answer.status >= 300) throw new Error(`not let in: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.token = answer.body.access_token;
    this.me = answer.body.user;
  }

  #keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

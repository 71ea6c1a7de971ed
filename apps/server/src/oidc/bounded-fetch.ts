/** Which addresses of login providers may be called. Tests permit http on this machine; no setting does. */
export interface IssuerRules {
  readonly permitsLoopbackHttp: boolean;
}

export const httpsOnly: IssuerRules = { permitsLoopbackHttp: false };

export const timeoutMs = 5_000;
const maxBytes = 262_144;

/** A login provider did not answer in time, at a permitted address, or with few enough bytes. */
export class ProviderUnreachable extends Error {
  override name = "ProviderUnreachable";
}

interface RequestOptions {
  method: string;
  headers: Record<string, string>;
  body?: BodyInit | null | undefined;
  signal?: AbortSignal | undefined;
}

/** A fetch that follows no redirect, and is bounded in time and bytes. Rejects with `ProviderUnreachable`. */
export function boundedFetch(rules: IssuerRules) {
  return async (address: string, { method, headers, body, signal }: RequestOptions): Promise<Response> => {
    if (!isPermitted(new URL(address), rules)) throw new ProviderUnreachable("the address is not an https address");
    const bound = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(address, {
        method,
        headers,
        body: body ?? null,
        redirect: "manual",
        signal: signal ? AbortSignal.any([signal, bound]) : bound,
      });
      return await read(response);
    } catch (cause) {
      throw cause instanceof ProviderUnreachable ? cause : new ProviderUnreachable("no answer", { cause });
    }
  };
}

function isPermitted({ protocol, hostname }: URL, { permitsLoopbackHttp }: IssuerRules): boolean {
  return protocol === "https:" || (permitsLoopbackHttp && protocol === "http:" && hostname === "127.0.0.1");
}

async function read(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new ProviderUnreachable("the answer is too long");
    chunks.push(chunk);
  }
  if (response.status >= 500) throw new ProviderUnreachable(`status ${response.status}`);
  const { status, headers } = response;
  return new Response(chunks.length === 0 ? null : Buffer.concat(chunks), { status, headers });
}

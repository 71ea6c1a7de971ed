import { createHash } from "node:crypto";
import { StartupError } from "../../startup-error.ts";
import { NetworkBus, type NetworkBusOptions } from "../network-bus.ts";
import { RedisTransport } from "./redis-transport.ts";

export interface RedisBusOptions extends NetworkBusOptions {
  readonly url: string;
  /** Id of the instance, from its database: several instances may share a Redis. */
  readonly instance: string;
}

/** @throws StartupError when Redis cannot be reached or refuses the user */
export async function openRedisBus({ url, instance, ...options }: RedisBusOptions): Promise<NetworkBus> {
  const prefix = `miscord:${createHash("sha256").update(instance).digest("hex").slice(0, 12)}:`;
  try {
    const transport = await RedisTransport.open({ url, prefix, clock: options.clock });
    return await NetworkBus.open(transport, options);
  } catch (error) {
    throw new StartupError(sentence(url, error), { cause: error });
  }
}

/** The address without the user and the password. */
function sentence(url: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const host = URL.parse(url)?.host ?? "";
  if (/WRONGPASS|NOAUTH|AUTH|NOPERM/.test(message)) {
    return `Redis at ${host} refuses the user or the password of REDIS_URL.`;
  }
  return `Redis at ${host}, named by REDIS_URL, cannot be reached: ${code ?? "it does not answer"}.`;
}

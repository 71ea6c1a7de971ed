import type { Clock } from "../clock.ts";
import type { GifProvider } from "../domain/ports.ts";
import type { PublicPages } from "../outgoing/public-pages.ts";
import { createGifService } from "./gif-service.ts";
import { giphy } from "./giphy.ts";
import { klipy } from "./klipy.ts";

export interface GifProviderSettings {
  readonly kind: "giphy" | "klipy";
  readonly key: string;
  /** Undefined: that of the provider. */
  readonly url: string | undefined;
}

interface Options {
  pages: PublicPages;
  clock: Clock;
  /** Receives why a call came to nothing, without its address. */
  onFault: (fault: string) => void;
}

const services = { giphy, klipy };

/** Null: none is configured. */
export function openGifProvider(settings: GifProviderSettings | null, options: Options): GifProvider | null {
  if (!settings) return null;
  const { kind, key, url } = settings;
  return createGifService(services[kind], { ...options, key, url });
}

/** What the SDK uses of its environment. Every part can be injected, so that tests control time and the network. */
export interface Platform {
  WebSocket: WebSocketConstructor;
  fetch: typeof fetch;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  /**
   * Serialises the rotation of the refresh token across tabs: the server takes two concurrent uses for a stolen
   * token. Null: no locks.
   */
  locks: Locks | null;
  /** For voice. Where WebRTC is missing it throws when a call connects to a participant. */
  createPeerConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimeout(callback: () => void, delayMs: number): Timer;
}

export interface Timer {
  cancel(): void;
}

export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;

/** The part of the WebSocket interface that the SDK uses. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  addEventListener(type: "open", listener: () => void, options?: ListenerOptions): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void, options?: ListenerOptions): void;
  addEventListener(
    type: "close",
    listener: (event: { code: number; reason: string }) => void,
    options?: ListenerOptions,
  ): void;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

interface ListenerOptions {
  signal?: AbortSignal;
}

/** The part of `navigator.locks` that the SDK uses. */
export interface Locks {
  request<T>(name: string, callback: () => Promise<T>): Promise<T>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, delayMs) {
    const handle = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** `navigator.locks` exists in secure contexts only. */
function ownLocks(): Locks | null {
  const locks = globalThis.navigator?.locks;
  return locks ? { request: (name, callback) => locks.request(name, callback) as ReturnType<typeof callback> } : null;
}

export function createPlatform(given: Partial<Platform>): Platform {
  return {
    WebSocket: given.WebSocket ?? globalThis.WebSocket,
    // Browsers refuse fetch called as a method of another object ("Illegal invocation").
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    clock: given.clock ?? systemClock,
    random: given.random ?? Math.random,
    createPeerConnection:
      given.createPeerConnection ?? ((configuration) => new globalThis.RTCPeerConnection(configuration)),
    locks: given.locks === undefined ? ownLocks() : given.locks,
  };
}

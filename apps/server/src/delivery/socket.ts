/** The writing half of a connection's raw socket, as `net.Socket` implements it. */
export interface SocketLike {
  /** False when the bytes were buffered. The caller never changes them later, because many sockets share them. */
  write(bytes: Uint8Array): boolean;
  /** Bytes written that the kernel has not taken yet. */
  readonly writableLength: number;
  /** Collects writes until `uncork`, which sends them with one system call. */
  cork(): void;
  uncork(): void;
  /** Calls the listener once all written bytes were taken, after a `write` that returned false. */
  once(event: "drain", listener: () => void): unknown;
  /** Sends all written bytes, then closes the writing side. */
  end(): unknown;
  /** Closes the socket at once and discards unsent bytes. */
  destroy(): unknown;
}

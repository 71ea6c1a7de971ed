/**
 * The writing half of a connection's raw socket; `net.Socket` is one as it stands. Bytes handed over are never
 * changed afterwards, since many sockets share them.
 */
export interface SocketLike {
  write(bytes: Uint8Array): boolean;
  /** Bytes handed over that the kernel has not taken. */
  readonly writableLength: number;
  /** Between `cork` and `uncork`, writes gather and leave with one system call. */
  cork(): void;
  uncork(): void;
  /** Calls back once everything handed over has been taken, after a `write` that answered false. */
  once(event: "drain", listener: () => void): unknown;
  /** Sends what was handed over, then ends the writing side. */
  end(): unknown;
  destroy(): unknown;
}

import { WebSocket } from "ws";

/**
 * The receiving half of a WebSocket. `ws` answers a peer's close frame, or a frame that breaks the protocol, by
 * calling `close` on itself, which would write past our writer: those calls become events, and nothing is written.
 */
export class ReceivingSocket extends WebSocket {
  /** The peer asked to close; 1005 stands for a close without a code. */
  onPeerClose: (code: number) => void = () => {};
  /** The peer broke the protocol; the code is RFC 6455's. */
  onFault: (code: number) => void = () => {};

  /** Called by `ws` with the peer's reason for a close frame, and without one for a fault. */
  override close(code = 1005, reason?: string | Buffer): void {
    if (reason === undefined && code !== 1005) this.onFault(code);
    else this.onPeerClose(code);
  }
}

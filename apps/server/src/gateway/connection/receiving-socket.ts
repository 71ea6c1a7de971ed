import { WebSocket } from "ws";

/**
 * The receiving half of a WebSocket. `ws` answers a close frame, or a frame that violates the protocol, by calling
 * `close` on itself, which would write to the socket behind the back of `Writer`. Here those calls become events.
 */
export class ReceivingSocket extends WebSocket {
  /** The peer sent a close frame; 1005 means that it carried no code. */
  onPeerClose: (code: number) => void = () => {};
  /** The peer violated the protocol; `code` is the close code that RFC 6455 assigns to the violation. */
  onFault: (code: number) => void = () => {};

  /** `ws` calls it with a reason for the peer's close frame and without one for a violation. */
  override close(code = 1005, reason?: string | Buffer): void {
    if (reason === undefined && code !== 1005) this.onFault(code);
    else this.onPeerClose(code);
  }
}

/** One kind of message of a link, as a channel of its own. Without a listener, messages are dropped. */
export class LinkPipe<Out, In> {
  readonly send: (message: Out) => void;
  #listener: (message: In) => void = () => {};

  constructor(send: (message: Out) => void) {
    this.send = send;
  }

  receive(message: In): void {
    this.#listener(message);
  }

  onMessage(listener: (message: In) => void): void {
    this.#listener = listener;
  }
}

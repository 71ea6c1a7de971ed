import type { TransportChannel, TransportListener, BusTransport } from "../bus/transport.ts";
import { TopicRouter } from "../bus/topic-router.ts";
import type { Link } from "./link.ts";
import type { BusOffer, BusText, BusReceiver } from "./offers.ts";

type Receive = (text: BusText) => void;

/** In the primary: passes the texts of each process on to the others that subscribe to their channel, unread. */
export class BusRoutes {
  readonly #router = new TopicRouter<Receive>();

  /** What is offered to one worker, whose texts `receive` gets; and how to forget the worker when it is gone. */
  serve(receive: Receive): { offer: BusOffer; release: () => void } {
    return {
      offer: {
        busSend: (text) => this.#pass(text, receive),
        busSubscribe: (channel) => this.#router.subscribe(receive, channel),
        busUnsubscribe: (channel) => this.#router.unsubscribe(receive, channel),
        busPing: () => {},
      },
      release: () => this.#router.remove(receive),
    };
  }

  /** The transport of the primary itself. */
  transport(): BusTransport {
    let listener: TransportListener | null = null;
    const receive: Receive = ({ channel, text }) => listener?.onText(channel, text);
    return {
      gathers: true,
      send: (channel, text, isPatient) => this.#pass({ channel, text, isPatient }, receive),
      subscribe: (channel) => Promise.resolve(this.#router.subscribe(receive, channel)),
      unsubscribe: (channel) => this.#router.unsubscribe(receive, channel),
      listen: (given) => void (listener = given),
      ping: () => Promise.resolve(0),
      close: () => Promise.resolve(this.#router.remove(receive)),
    };
  }

  #pass(text: BusText, from: Receive): void {
    for (const receive of this.#router.linksOf(text.channel)) if (receive !== from) receive(text);
  }
}

/** In a worker: the transport over the link to the primary, and what the link receives for it. */
export function linkTransport(link: Link<BusOffer>): BusTransport & BusReceiver {
  let listener: TransportListener | null = null;
  return {
    busText: ({ channel, text }) => listener?.onText(channel, text),
    gathers: true,
    send: (channel, text, isPatient) => link.notify("busSend", { channel, text, isPatient }, isPatient),
    subscribe: (channel: TransportChannel) => link.call("busSubscribe", channel),
    unsubscribe: (channel) => link.notify("busUnsubscribe", channel),
    // The link loses nothing while both processes live, and the worker does not outlive the primary.
    listen: (given) => void (listener = given),
    async ping() {
      const sentAt = performance.now();
      await link.call("busPing", undefined);
      return performance.now() - sentAt;
    },
    close: () => link.flush(),
  };
}

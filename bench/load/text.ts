/**
 * Message text that compresses about as well as real chat: common words by Zipf's law, seeded, no line twice. Constant
 * filler would make compression look better than it is.
 */
const words = (
  "the to and you that it of in is for on have be this was not but with just are so like what can all get do if my " +
  "we they out about your up now one there at time know think would will me more when how good really no some time " +
  "server channel message voice latency yeah thanks maybe tomorrow deploy branch review build broken fixed again " +
  "where someone anyone please meeting today evening game match update patch version window keyboard music coffee " +
  "weather train station friend weekend picture video link question answer because through without another between"
).split(" ");

export class TextSource {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** ASCII text of exactly `bytes` bytes that begins with `head`. */
  line(head: string, bytes: number): string {
    let text = head;
    while (text.length < bytes) text += ` ${this.#word()}`;
    return text.slice(0, bytes);
  }

  #word(): string {
    const rank = Math.floor(Math.exp(this.#random() * Math.log(words.length)));
    return words[rank - 1] ?? "the";
  }

  /** xorshift32, so that every run has the same lines. */
  #random(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state / 2 ** 32;
  }
}

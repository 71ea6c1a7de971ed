import type { ChannelState } from "@miscord/protocol";

interface Reads extends Pick<ChannelState, "read_seq"> {
  read_generation?: number | undefined;
}

/** Whether the position is the later one: of a later generation, or of the same one and higher. */
export function isReadLater(one: Reads, other: Reads): boolean {
  const [ones, others] = [one.read_generation ?? 0, other.read_generation ?? 0];
  return ones > others || (ones === others && one.read_seq > other.read_seq);
}

/** The channel with another read position. */
export function withRead<Channel extends Reads>(channel: Channel, { read_seq, read_generation }: Reads): Channel {
  const { read_generation: _former, ...rest } = channel;
  return { ...rest, read_seq, ...(read_generation !== undefined && { read_generation }) } as Channel;
}

import { isIPv4 } from "node:net";

/** Where participants reach the unit. */
export interface Reached {
  port: number;
  /** See `TurnedPort`. */
  turnedPort: number | null;
  addresses: readonly string[];
}

/** By these a participant's browser proves that it was told a description. */
export interface Credentials {
  ufrag: string;
  password: string;
}

export function credentialsOf(sdp: string): Credentials {
  return { ufrag: attributeOf(sdp, "ice-ufrag"), password: attributeOf(sdp, "ice-pwd") };
}

/** The value of the first such line; empty without one. */
export function attributeOf(sdp: string, name: string): string {
  return new RegExp(`^a=${name}:(\\S.*?)\\s*$`, "m").exec(sdp)?.[1] ?? "";
}

/** Lines of a description with the addresses of the port. */
export function candidatesOf({ addresses, port }: Reached): string[] {
  return addresses.map((address, index) => candidate(address, port, index));
}

/** The same of the port for those who come through a TURN server over TCP or TLS. */
export function turnedCandidatesOf({ addresses, turnedPort }: Reached): string[] {
  if (turnedPort === null) return [];
  const reached = addresses.filter((address) => isIPv4(address));
  return reached.map((address, index) => candidate(address, turnedPort, addresses.length + index));
}

function candidate(address: string, port: number, index: number): string {
  return `a=candidate:${index + 1} 1 UDP ${2_122_317_823 - index * 256} ${address} ${port} typ host`;
}

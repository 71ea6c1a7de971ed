import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";

/** Browsers try every address that they are told, so there should be few. */
const mostAddresses = 8;

/**
 * The IP addresses at which browsers are told to reach the forwarding unit: those that are set; otherwise that of
 * `publicUrl`, behind which a router may be, and those of this machine.
 */
export async function announcedAddresses(settings: {
  readonly voiceAddresses: readonly string[];
  readonly publicUrl: string | undefined;
}): Promise<string[]> {
  const { voiceAddresses, publicUrl } = settings;
  const names = voiceAddresses.length > 0 ? voiceAddresses : publicUrl ? [hostOf(publicUrl)] : [];
  const named = (await Promise.all(names.map(resolve))).flat();
  const found = voiceAddresses.length > 0 ? named : [...named, ...ownAddresses()];
  return [...new Set(found)].slice(0, mostAddresses);
}

function hostOf(publicUrl: string): string {
  return new URL(publicUrl).hostname.replaceAll(/^\[|\]$/g, "");
}

/** None for a name that is unknown at present. */
async function resolve(name: string): Promise<string[]> {
  if (isIP(name) !== 0) return [name];
  return (await lookup(name, { all: true }).catch(() => [])).map(({ address }) => address);
}

/** Without addresses that are of use on one cable only; the loopback address where there is no other. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const usable = all.filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith("fe80"));
  const found = usable.length > 0 ? usable : all.filter(({ family }) => family === "IPv4");
  return found.toSorted((one, other) => one.family.localeCompare(other.family)).map(({ address }) => address);
}

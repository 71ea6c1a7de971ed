import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The C libraries for which the engine is built on Linux. */
const linuxLibraries = ["gnu", "musl"];

/** Whether the engine's program for this platform is installed. It is not loaded: a fault in it would end this process. */
export function hasEngine(): boolean {
  const { platform, arch } = process;
  const suffixes = platform === "linux" ? linuxLibraries.map((library) => `-${library}`) : ["", "-msvc"];
  return suffixes.some((suffix) => isInstalled(`@node-datachannel/${platform}-${arch}${suffix}`));
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of sound files for fake microphones, made with sox and espeak-ng. */
export class SoundFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), "miscord-sounds-"));

  /** Beeps of one frequency in Hz. A steady tone would count as noise, and the voice gate would not let it through. */
  beeps(frequency: number, volume = 0.3): string {
    const file = this.path(`beeps-${frequency}-${volume}.wav`);
    sox(
      ...mono,
      file,
      "synth",
      "0.6",
      "sine",
      String(frequency),
      "vol",
      String(volume),
      "fade",
      "0.01",
      "0.6",
      "pad",
      "0",
      "0.15",
    );
    return file;
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export const mono = ["-n", "-r", "48000", "-c", "1", "-b", "16"] as const;

export function sox(...args: string[]): void {
  run("sox", ["-V1", ...args]);
}

export function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${error?.message ?? stderr}`);
}

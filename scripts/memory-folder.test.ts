import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { expect, test } from "vitest";

const script = new URL("./lib/memory-folder.mjs", import.meta.url).href;

/** What a process prints that has made such a folder: its path and mode, and whether an abandoned one is still there. */
function run(neededBytes: number, abandoned = ""): string[] {
  const code = `import { existsSync, statSync } from "node:fs";
    import { memoryFolder } from ${JSON.stringify(script)};
    const folder = memoryFolder(${neededBytes});
    const mode = folder && (statSync(folder).mode & 0o777).toString(8);
    console.log([folder, mode, existsSync(${JSON.stringify(abandoned)})].join(" "));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.trimEnd().split(" ");
}

test.runIf(existsSync("/dev/shm"))(
  "the files of tests have a folder in memory that other users can enter, and that is gone when the run ends or was killed",
  () => {
    const abandoned = "/dev/shm/miscord-tests-0-killed";
    mkdirSync(abandoned);
    const ours = `/dev/shm/miscord-tests-${process.pid}-running`;
    mkdirSync(ours);
    const [folder = "", ...rest] = run(1, abandoned);
    expect(folder).toMatch(/^\/dev\/shm\/miscord-tests-\d+-/);
    expect(rest).toEqual(["755", "false"]);
    expect([existsSync(folder), statSync(ours).isDirectory()]).toEqual([false, true]);
    rmSync(ours, { recursive: true });
  },
);

test("without enough memory there is no such folder", () => {
  expect(run(Number.MAX_SAFE_INTEGER)).toEqual(["", "", "false"]);
});

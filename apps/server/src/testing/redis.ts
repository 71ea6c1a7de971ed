import { Program } from "./program.ts";

/** A private Redis on loopback that stores nothing: started again, it is empty. */
export type TestRedis = Pick<Program, "pid" | "kill" | "start" | "pause" | "resume" | "dispose"> & {
  readonly url: string;
};

export async function startRedis(): Promise<TestRedis> {
  const program = await Program.start({
    name: "redis",
    command: "/usr/bin/redis-server",
    args: ({ port, folder }) => [
      "--bind",
      "127.0.0.1",
      "--port",
      String(port),
      "--save",
      "",
      "--appendonly",
      "no",
      "--dir",
      folder,
    ],
  });
  return Object.assign(program, { url: `redis://127.0.0.1:${program.port}` });
}

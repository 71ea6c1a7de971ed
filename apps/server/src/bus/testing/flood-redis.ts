import { spawnSync } from "node:child_process";

const megabyte = 1024 * 1024;

/** Publishes this many messages of one megabyte from another process, while this one reads nothing. */
export function floodRedis(url: string, channel: string, messages: number): void {
  const { hostname, port } = new URL(url);
  const script = `
    const [host, port, channel, messages] = process.argv.slice(1);
    const socket = require("node:net").connect(Number(port), host);
    const text = "x".repeat(${megabyte});
    const command = \`*3\\r\\n$7\\r\\nPUBLISH\\r\\n$\${channel.length}\\r\\n\${channel}\\r\\n$${megabyte}\\r\\n\${text}\\r\\n\`;
    for (let i = 0; i < Number(messages); i += 1) socket.write(command);
    let answers = 0;
    socket.on("data", (data) => {
      answers += data.toString().split("\\n").length - 1;
      if (answers >= Number(messages)) process.exit(0);
    });`;
  const { status } = spawnSync(process.execPath, ["-e", script, hostname, port, channel, String(messages)]);
  if (status !== 0) throw new Error("flooding Redis failed");
}

// A worker that serves nobody: LIFE is `none` (it ends before it serves), `brief` (soon after), or `long`.
const life = process.env["LIFE"];
if (life === "none") process.exit(7);
process.on("disconnect", () => process.exit(1));
const { Link } = await import("../link.ts");
const { processPort } = await import("../process-port.ts");
const link = new Link(processPort(process));
link.serve({
  start() {
    if (life === "brief") setTimeout(() => process.exit(8), 20);
    return { url: "http://localhost:1", port: 1, address: "127.0.0.1", claimUrl: null };
  },
  ping: () => ({ deliveriesPerSecond: 0 }),
  stop: () => process.exit(0),
});

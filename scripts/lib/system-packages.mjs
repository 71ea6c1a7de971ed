// What the tests drive beside Node: Debian's packages, installed when they are missing and we may.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fail, say } from "./runtime.mjs";

const needed = {
  caddy: ["/usr/bin/caddy"],
  chromium: ["/usr/bin/chromium"],
  coturn: ["/usr/bin/turnserver"],
  "espeak-ng": ["/usr/bin/espeak-ng"],
  "fonts-noto-color-emoji": ["/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"],
  gcc: ["/usr/bin/cc"],
  haproxy: ["/usr/sbin/haproxy"],
  iproute2: ["/usr/sbin/ip"],
  "libc6-dev": ["/usr/include/stdio.h"],
  nginx: ["/usr/sbin/nginx"],
  pgbouncer: ["/usr/sbin/pgbouncer"],
  postgresql: ["/usr/lib/postgresql"],
  prometheus: ["/usr/bin/promtool"],
  "redis-server": ["/usr/bin/redis-server"],
  sox: ["/usr/bin/sox"],
  unzip: ["/usr/bin/unzip"],
};

export function ensureSystemPackages() {
  const missing = Object.keys(needed).filter((name) => !needed[name].every((path) => existsSync(path)));
  if (missing.length === 0) return;
  const install = ["install", "-y", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    fail(`The tests need these Debian packages: ${missing.join(", ")}. Install them and run again.`);
  }
  say(`Installing for the tests: ${missing.join(", ")} …`);
  apt(["update"]);
  apt(install);
}

function apt(args) {
  // Runlevel 1: services that come with the packages stay off.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const result = spawnSync("apt-get", ["-q", ...args], { env, encoding: "utf8" });
  if (result.status !== 0) fail(`apt-get ${args[0]} failed:\n${result.stdout}${result.stderr}`);
}

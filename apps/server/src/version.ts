import packageJson from "../package.json" with { type: "json" };

export const { version } = packageJson;

/** What the server supports beyond version 1 of the protocol; clients get it over HTTP and on `/ws/main`. */
export const features: readonly string[] = [
  "batch",
  "resume",
  "edit",
  "replies",
  "reactions",
  "attachments",
  "read_state",
  "presence",
];

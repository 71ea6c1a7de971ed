import packageJson from "../package.json" with { type: "json" };

export const { version } = packageJson;

/** What a client may count on beyond the first version of the protocol. */
export const features: readonly string[] = ["resume", "batch", "replies", "reactions", "attachments"];

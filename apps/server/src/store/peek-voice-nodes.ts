import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { connect, connectionSettings } from "./postgres/connection-settings.ts";
import type { VoiceNodeRow } from "./schema.ts";

export type PeekedVoiceNode = Omit<VoiceNodeRow, "digest" | "created_at">;

const columns = ["name", "version", "stun_url", "seen_at", "refused_at", "refusal", "given_up_at"] as const;
const statement = `select ${columns.join(", ")} from voice_nodes order by name`;

/**
 * The voice nodes, without opening the store, which would migrate it. Empty before the first start of a version that has these
 * columns. Rejects when the database cannot be read.
 */
export async function peekVoiceNodes(from: {
  databaseUrl: string | undefined;
  file: string;
}): Promise<PeekedVoiceNode[]> {
  try {
    const rows = from.databaseUrl === undefined ? readFile(from.file) : await readServer(from.databaseUrl);
    return rows.map(toNode);
  } catch (error) {
    if (error instanceof Error && /no such (table|column)|does not exist/.test(error.message)) return [];
    throw error;
  }
}

type Row = Record<string, unknown>;

function readFile(file: string): Row[] {
  if (!existsSync(file)) return [];
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare(statement).all();
  } finally {
    db.close();
  }
}

async function readServer(url: string): Promise<Row[]> {
  const client = await connect(connectionSettings(url));
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

function toNode(row: Row): PeekedVoiceNode {
  const text = (name: string) => (typeof row[name] === "string" ? row[name] : null);
  const time = (name: string) => (row[name] === null || row[name] === undefined ? null : Number(row[name]));
  return {
    name: String(row["name"]),
    version: text("version"),
    stun_url: text("stun_url"),
    refusal: text("refusal"),
    seen_at: time("seen_at"),
    refused_at: time("refused_at"),
    given_up_at: time("given_up_at"),
  };
}

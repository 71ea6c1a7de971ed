import type { LogCommand, LogOutcome } from "../contract.ts";
import { decideDelete } from "./decide-delete.ts";
import { decideEdit } from "./decide-edit.ts";
import { decideExpireFiles } from "./decide-expire-files.ts";
import { decidePin } from "./decide-pin.ts";
import { decidePreview, decideRemovePreviews } from "./decide-preview.ts";
import { decideReact } from "./decide-react.ts";
import { decideSend } from "./decide-send.ts";
import { decideClosePoll, decideVote } from "./decide-vote.ts";
import { decideTouch } from "./decide-touch.ts";
import { LogBatch } from "./log-batch.ts";
import { loadFacts, type Facts } from "./facts.ts";
import type { LogChanges, LogTransaction } from "./transaction.ts";

/** Loads, decides and writes the commands inside an open transaction; outcomes are in the order of the commands. */
export async function runBatch(tx: LogTransaction, commands: readonly LogCommand[]): Promise<LogOutcome[]> {
  const { outcomes, changes } = decide(await loadFacts(tx, commands), commands);
  await tx.write(changes);
  return outcomes;
}

/**
 * Applies the rules of the log to the commands in order, without database access. Each rule checks everything before its
 * first change, so a refused command leaves no trace in what later commands see.
 */
export function decide(facts: Facts, commands: readonly LogCommand[]): { outcomes: LogOutcome[]; changes: LogChanges } {
  const batch = new LogBatch(facts);
  const outcomes = commands.map((command) => decideOne(batch, command));
  return { outcomes, changes: batch.changes() };
}

function decideOne(batch: LogBatch, command: LogCommand): LogOutcome {
  batch.rights.now = command.at;
  switch (command.kind) {
    case "send":
      return decideSend(batch, command);
    case "edit":
      return decideEdit(batch, command);
    case "delete":
      return decideDelete(batch, command);
    case "pin":
      return decidePin(batch, command);
    case "react":
      return decideReact(batch, command);
    case "vote":
      return decideVote(batch, command);
    case "closePoll":
      return decideClosePoll(batch, command);
    case "preview":
      return decidePreview(batch, command);
    case "remove_previews":
      return decideRemovePreviews(batch, command);
    case "touch":
      return decideTouch(batch, command);
    case "expire_files":
      return decideExpireFiles(batch, command);
  }
}

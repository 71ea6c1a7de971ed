import type { ClientRequest } from "node:http";

/** More of each than those who answer honestly send: a word that the answer is coming, and pieces of a body of a few bytes. */
const most = { announcements: 8, smallPieces: 2_000 };
/** A piece of a chunked body with fewer bytes costs more than what is in it. */
const smallBytes = 64;

/**
 * Ends a call whose answer is made to be slow to take apart: a chunked body in pieces of one byte takes as long as two hundred times as
 * much in large ones, and of announcements of an answer (1xx) there may be any number, none of which counts as bytes of the body.
 */
export function boundParts(call: ClientRequest): void {
  let announcements = 0;
  call.on("information", () => {
    announcements += 1;
    if (announcements > most.announcements) call.destroy(new Error("an answer that never comes"));
  });
  call.once("response", (answer) => {
    if (answer.headers["transfer-encoding"] === undefined) return;
    let smallPieces = 0;
    // Node hands each piece to it.
    const push = answer.push.bind(answer);
    answer.push = (piece: Buffer | null, encoding) => {
      if (piece === null || piece.length >= smallBytes) return push(piece, encoding);
      smallPieces += 1;
      if (smallPieces <= most.smallPieces) return push(piece, encoding);
      if (!answer.destroyed) answer.destroy(new Error("an answer in tiny pieces"));
      return false;
    };
  });
}

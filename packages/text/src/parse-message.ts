import type { Block } from "./nodes.ts";
import { parseInline } from "./parse-inline.ts";
import { type Piece, type Scan, scanBlocks } from "./scan-blocks.ts";
import { pairBars, type SpoilerSpan } from "./spoilers.ts";
import { blocksWithoutMentions } from "./without-mentions.ts";

/** How often a text is divided at spoilers that reach over blocks; after that, it is read without blocks. */
const maxDivisions = 2;

/**
 * Reads a message's text into a shallow tree. Never throws; its time grows linearly with the length. Whatever stands
 * between two `||` outside code ends up inside a spoiler.
 */
export function parseMessage(content: string): readonly Block[] {
  return parseBlocks(content.replace(/\r\n?/g, "\n"), true, 0);
}

function parseBlocks(text: string, atLineStart: boolean, divisions: number): Block[] {
  return blocksOf(scanBlocks(text, atLineStart), divisions);
}

function blocksOf(scan: Scan, divisions: number): Block[] {
  const pieceAt = new Map(scan.bars.map((bars) => [bars.start, bars.piece]));
  const pieceOf = (position: number) => pieceAt.get(position) ?? pieceAt.get(position - 2);
  const crossing = pairBars(scan.bars).filter((span) => pieceOf(span.start) !== pieceOf(span.innerEnd));
  if (crossing.length === 0) return piecesToBlocks(scan, divisions);
  if (divisions >= maxDivisions) return paragraph(scan.text);
  return divideAt(crossing, scan.text, divisions + 1);
}

/** No block begins beside the bars: what is covered must not depend on where the text was divided. */
function divideAt(spans: readonly SpoilerSpan[], text: string, divisions: number): Block[] {
  const blocks: Block[] = [];
  let position = 0;
  for (const span of spans) {
    blocks.push(...parseBlocks(text.slice(position, span.start), position === 0, divisions));
    const children = parseBlocks(text.slice(span.innerStart, span.innerEnd), false, divisions);
    if (children.length > 0) blocks.push({ type: "spoiler", children: blocksWithoutMentions(children) });
    position = span.end;
  }
  return [...blocks, ...parseBlocks(text.slice(position), false, divisions)];
}

interface ItemList {
  readonly ordered: boolean;
  readonly items: Block[][];
  readonly numbers: number[];
}

function piecesToBlocks(scan: Scan, divisions: number): Block[] {
  const blocks: Block[] = [];
  let list: ItemList | null = null as ItemList | null;
  for (const piece of scan.pieces) {
    if (piece.kind === "item") {
      const { ordered, number } = piece;
      if (list?.ordered !== ordered) {
        list = { ordered, items: [], numbers: [] };
        blocks.push({ type: "list", ...list });
      }
      list.items.push(blocksOf(piece.inside, divisions));
      list.numbers.push(number);
      continue;
    }
    const added = pieceToBlocks(piece, scan, divisions);
    // Blank lines between its items leave a list whole.
    if (added.length > 0) list = null;
    blocks.push(...added);
  }
  return blocks;
}

function pieceToBlocks(piece: Exclude<Piece, { kind: "item" }>, scan: Scan, divisions: number): Block[] {
  if (piece.kind === "code") return [{ type: "code", language: piece.language, text: piece.text }];
  if (piece.kind === "quote") return [{ type: "quote", children: blocksOf(piece.inside, divisions) }];
  if (piece.kind === "heading") {
    return [{ type: "heading", level: piece.level, children: blocksOf(piece.inside, divisions) }];
  }
  return paragraph(scan.text.slice(piece.start, piece.end));
}

/** Without the blank lines around it; those inside stay as typed. */
function paragraph(text: string): Block[] {
  const trimmed = text.replace(/^(?:\s*\n)?/, "").trimEnd();
  return trimmed === "" ? [] : [{ type: "paragraph", children: parseInline(trimmed) }];
}

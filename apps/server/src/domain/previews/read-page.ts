import { pictureUrl, type Embed } from "@miscord/protocol";
import { putPreview, readPreview } from "../../store/queries/link-previews.ts";
import type { PictureRow } from "../../store/picture-tables.ts";
import { digest } from "../accounts/secrets.ts";
import type { DomainContext } from "../context.ts";
import { isAnimated } from "../pictures/is-animated.ts";
import { PictureTooLarge } from "../pictures/process-encoder.ts";
import { removePictures } from "../pictures/store-picture.ts";
import { storeReadPicture } from "../pictures/store-read-picture.ts";
import type { LinkFacts, LinkReader } from "../ports.ts";

export type ReadContext = Pick<DomainContext, "store" | "clock" | "rates" | "storage" | "settings" | "pictures">;

const keptMs = 24 * 3_600_000;
const failureMs = 10 * 60_000;
const pictureShape = { width: 400, height: 300, fit: "inside", isAnimated: true, frames: 400 } as const;

/**
 * The preview of a page. A page is read once a day for all messages that link to it; one that could not be read is tried again
 * after ten minutes, and so is one whose picture was left out because of its host's rate or the author's. Null for a failure, and while the author or a
 * host on the way has no rate left.
 */
export async function readPage(
  context: ReadContext,
  reader: LinkReader,
  link: string,
  authorId: number,
): Promise<Embed | null> {
  const { store, clock, rates } = context;
  const key = digest(link);
  const known = await readPreview(store.db, key, clock.now());
  if (known) return known.embed === null ? null : (JSON.parse(known.embed) as Embed);
  if ((await rates.linkPreviews.take(authorId)) > 0) return null;
  let isRefused = false;
  const facts = await reader.read(link, async (host) => {
    const isLate = (await rates.linkPreviewsOfHost.take(host)) > 0;
    isRefused ||= isLate;
    return !isLate;
  });
  if (!facts && isRefused) return null;
  const picture = facts?.picture ? await keep(context, authorId, facts.picture) : null;
  if (picture === "beyond") isRefused = true;
  const shown = picture === "beyond" ? null : picture;
  const embed = facts && embedOf(link, facts, shown);
  const expires_at = clock.now() + (embed && !isRefused ? keptMs : failureMs);
  const row = { digest: key, embed: embed && JSON.stringify(embed), picture: shown?.id ?? null, expires_at };
  try {
    await putPreview(store.db, row);
  } catch (error) {
    if (shown) await removePictures(context, [shown.id]);
    throw error;
  }
  return embed;
}

type Shown = PictureRow & { animated: boolean };

/**
 * Null for what is no picture, and while there is no room for it; `beyond`: the author has brought too many bytes. Of an animation that is
 * too long the first frame is kept.
 */
async function keep(context: ReadContext, authorId: number, bytes: Buffer): Promise<Shown | null | "beyond"> {
  const store = (moves: boolean) =>
    storeReadPicture(context, authorId, bytes, { ...pictureShape, isAnimated: moves }).then((row) => row ?? "beyond");
  const row = await store(true)
    .catch((error: unknown) => (error instanceof PictureTooLarge ? store(false) : null))
    .catch(() => null);
  if (row === null || row === "beyond") return row;
  return { ...row, animated: await isAnimated(context, row.id) };
}

function embedOf(link: string, { title, description, site }: LinkFacts, picture: Shown | null): Embed | null {
  if (title === "" && description === "" && !picture) return null;
  return {
    kind: "link",
    url: link,
    author: { name: site },
    ...(title !== "" && { title }),
    ...(description !== "" && { description }),
    ...(picture && { image: imageOf(picture) }),
  };
}

function imageOf({ id, width, height, animated }: Shown): NonNullable<Embed["image"]> {
  return { url: pictureUrl(id), width, height, ...(animated && { animated: true as const }) };
}

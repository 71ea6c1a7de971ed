import { limits, pictureUrl, type Embed, type Message } from "@miscord/protocol";
import { linksToPreview } from "@miscord/text";
import { KeyedSemaphore } from "../../concurrency/keyed-semaphore.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { putPreview, readPreview, serverShowsPreviews } from "../../store/queries/link-previews.ts";
import { pictureById } from "../../store/queries/pictures.ts";
import { digest } from "../accounts/secrets.ts";
import type { DomainContext } from "../context.ts";
import { removePictures, storePicture } from "../pictures/store-picture.ts";
import type { LinkFacts, LinkPreviews, LinkReader } from "../ports.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates" | "storage" | "settings" | "pictures" | "instance">;

interface Options {
  reader: LinkReader;
  /** Of this instance, whose own pages are shown in another way. */
  ownOrigin: string | undefined;
  onError: (error: unknown) => void;
}

/** Messages whose previews are made at the same time, on this node and of one author. */
const atOnce = 8;
const ofOneAuthor = 2;
/** Messages that wait for it; the previews of more are left out. */
const mostWaiting = 200;
const keptMs = 24 * 3_600_000;
const failureMs = 10 * 60_000;
const pictureShape = { width: 400, height: 300, fit: "inside", isAnimated: false } as const;

/**
 * Makes previews of the pages that messages link to, after the message is stored. A page is read once a day for all messages
 * that link to it; one that could not be read is tried again after ten minutes.
 */
export function createLinkPreviews(context: Context, { reader, ownOrigin, onError }: Options): LinkPreviews {
  const { store, clock, rates, instance } = context;
  const authors = new KeyedSemaphore<number>(ofOneAuthor);
  const node = new Semaphore(atOnce);
  const reading = new Map<string, Promise<Embed | null>>();
  let waiting = 0;
  let isClosed = false;

  async function preview({ id, content, author, server_id }: Message, links: readonly string[]): Promise<void> {
    if (server_id !== null && !(await serverShowsPreviews(store.db, server_id))) return;
    const embeds = await Promise.all(links.map((link) => previewOf(link, author.id)));
    const previews = embeds.filter((embed) => embed !== null);
    if (isClosed || previews.length === 0) return;
    await store.log.commit({
      kind: "preview",
      actorId: author.id,
      messageId: id,
      content,
      previews,
      at: clock.now(),
    });
  }

  /** The same for all who ask at the same time. */
  function previewOf(link: string, authorId: number): Promise<Embed | null> {
    const running = reading.get(link) ?? read(link, authorId).finally(() => reading.delete(link));
    reading.set(link, running);
    return running;
  }

  async function read(link: string, authorId: number): Promise<Embed | null> {
    const key = digest(link);
    const known = await readPreview(store.db, key, clock.now());
    if (known) return known.embed === null ? null : (JSON.parse(known.embed) as Embed);
    if ((await rates.linkPreviews.take(authorId)) > 0) return null;
    if ((await rates.linkPreviewsOfHost.take(new URL(link).hostname)) > 0) return null;
    const facts = await reader.read(link);
    const picture = facts?.picture ? await keep(facts.picture) : null;
    const embed = facts && embedOf(link, facts, picture);
    const expires_at = clock.now() + (embed ? keptMs : failureMs);
    const row = { digest: key, embed: embed && JSON.stringify(embed), picture: picture?.id ?? null, expires_at };
    try {
      await putPreview(store.db, row);
    } catch (error) {
      if (picture) await removePictures(context, [picture.id]);
      throw error;
    }
    return embed;
  }

  /** Null for what is no picture, and while there is no room for it. */
  async function keep(bytes: Buffer) {
    const id = await storePicture(context, bytes, pictureShape).catch(() => null);
    return id === null ? null : ((await pictureById(store.db, id)) ?? null);
  }

  return {
    look(message) {
      if (isClosed || instance.values.link_previews === "off" || waiting >= mostWaiting) return;
      const links = linksToPreview(message.content, limits.previewsPerMessage).filter(
        (link) => URL.parse(link)?.origin !== ownOrigin,
      );
      if (links.length === 0) return;
      waiting += 1;
      authors
        .run(message.author.id, () => node.run(() => preview(message, links)))
        .catch((error: unknown) => isClosed || onError(error))
        .finally(() => (waiting -= 1));
    },
    close() {
      isClosed = true;
    },
  };
}

function embedOf(
  link: string,
  { title, description, site }: LinkFacts,
  picture: { id: string; width: number; height: number } | null,
): Embed | null {
  if (title === "" && description === "" && !picture) return null;
  return {
    kind: "link",
    url: link,
    author: { name: site },
    ...(title !== "" && { title }),
    ...(description !== "" && { description }),
    ...(picture && { image: { url: pictureUrl(picture.id), width: picture.width, height: picture.height } }),
  };
}

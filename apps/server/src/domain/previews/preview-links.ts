import { embedPictures, sentEmbeds, type Embed, type Message } from "@miscord/protocol";
import { KeyedSemaphore } from "../../concurrency/keyed-semaphore.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { previewedBy } from "../../store/previews-column.ts";
import { serverShowsPreviews } from "../../store/queries/link-previews.ts";
import type { DomainContext } from "../context.ts";
import type { LinkPreviews, LinkReader } from "../ports.ts";
import { readPage, type ReadContext } from "./read-page.ts";

type Context = ReadContext & Pick<DomainContext, "instance">;

interface Options {
  reader: LinkReader;
  /** Of this instance, whose own pages are shown in another way. */
  ownOrigin: string | undefined;
  onError: (error: unknown) => void;
}

/** Messages whose previews are made at the same time, on this node and of one author. */
const atOnce = 4;
const ofOneAuthor = 2;
/** Messages that wait for it, on this node and of one author; previews and senders' pictures of more are left out. */
const mostWaiting = 200;
const mostOfOneAuthor = 20;

/** In the place of a picture no page is shown. */
function usableOf(read: readonly (Embed | null)[], embeds: readonly Embed[] | undefined): Embed[] {
  const pictures = embedPictures(sentEmbeds({ embeds }));
  return read.filter((embed) => embed !== null).filter((embed) => isPicture(embed) || !pictures.includes(embed.url!));
}

function isPicture({ title, description, image }: Embed): boolean {
  return image !== undefined && title === undefined && description === undefined;
}

/**
 * Makes previews of the pages that messages link to, and of the pictures that embeds of webhooks name, after the message is stored. Never keeps anybody waiting,
 * and leaves out what it has no time for.
 */
export function createLinkPreviews(context: Context, { reader, ownOrigin, onError }: Options): LinkPreviews {
  const { store, clock, instance } = context;
  const authors = new KeyedSemaphore<number>(ofOneAuthor);
  const node = new Semaphore(atOnce);
  const reading = new Map<string, Promise<Embed | null>>();
  let waiting = 0;
  let isClosed = false;

  async function preview(
    { id, content, author, server_id, embeds: shown }: Message,
    links: readonly string[],
    byId: number,
  ): Promise<void> {
    if (server_id !== null && !(await serverShowsPreviews(store.db, server_id))) return;
    const read = await Promise.all(links.map((link) => previewOf(link, byId)));
    const previews = usableOf(read, shown);
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
  function previewOf(link: string, byId: number): Promise<Embed | null> {
    const running = reading.get(link) ?? readPage(context, reader, link, byId).finally(() => reading.delete(link));
    reading.set(link, running);
    return running;
  }

  return {
    look(message, byId = message.author.id) {
      if (isClosed || instance.values.link_previews === "off" || waiting >= mostWaiting) return;
      const links = previewedBy(message.content, sentEmbeds(message)).filter(
        (link) => URL.parse(link)?.origin !== ownOrigin,
      );
      if (links.length === 0 || authors.usersOf(byId) >= mostOfOneAuthor) return;
      waiting += 1;
      authors
        .run(byId, () => node.run(() => preview(message, links, byId)))
        .catch((error: unknown) => isClosed || onError(error))
        .finally(() => (waiting -= 1));
    },
    async picture(address, byId) {
      if (isClosed || instance.values.link_previews === "off" || URL.parse(address)?.origin === ownOrigin) return null;
      if (waiting >= mostWaiting || authors.usersOf(byId) >= mostOfOneAuthor) return null;
      if ((await context.rates.linkPreviews.take(byId)) > 0) return null;
      const mayCall = async (host: string) => (await context.rates.linkPreviewsOfHost.take(host)) <= 0;
      waiting += 1;
      return authors
        .run(byId, () => node.run(() => reader.readPicture(address, mayCall)))
        .finally(() => (waiting -= 1));
    },
    close() {
      isClosed = true;
    },
  };
}

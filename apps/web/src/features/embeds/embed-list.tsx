import { embedPictures, embedText, sentEmbeds, type Embed, type Message } from "@miscord/protocol";
import { Image, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { GifFrame } from "../gifs/gif-frame.tsx";
import { Markdown, type MarkdownProps } from "../markdown/markdown.tsx";
import { warning } from "../markdown/warning.ts";

type Resolvers = Pick<MarkdownProps, "mentionOf" | "roleOf">;

interface EmbedListProps extends Resolvers {
  message: Message;
  /** Whether the user may take previews of pages off the message. */
  mayRemove: boolean;
}

/**
 * What a webhook shows below its text, and previews of pages. Nothing is loaded from the addresses: pictures are this instance's
 * copies, and links while there are none.
 */
export function EmbedList({ message, mayRemove, ...resolvers }: EmbedListProps) {
  const me = useMe();
  const shown = me.link_previews === false ? sentEmbeds(message) : (message.embeds ?? []);
  const named = embedPictures(sentEmbeds(message));
  const copies = new Map(shown.filter(isPreview).map(({ url = "", image }) => [url, image]));
  const inPlace = (embed: Embed) => isPreview(embed) && named.includes(embed.url ?? "");
  const listed = shown.filter((embed) => !inPlace(embed));
  const copyOf = (url: string) => (named.includes(url) ? copies.get(url) : undefined);
  const first = listed.findIndex((embed) => isPreview(embed) || embedPictures([embed]).some(copyOf));
  if (listed.length === 0) return null;
  return (
    <div className="mt-1 flex flex-col gap-1.5">
      {listed.map((embed, index) => (
        <EmbedCard key={index} messageId={message.id} {...{ embed, copyOf }} {...resolvers}>
          {mayRemove && index === first && <RemovePreviews messageId={message.id} />}
        </EmbedCard>
      ))}
    </div>
  );
}

function isPreview({ kind }: Embed): boolean {
  return kind === "link";
}

interface EmbedCardProps extends Resolvers {
  messageId: number;
  embed: Embed;
  /** This instance's copy of the picture at the address. */
  copyOf: (url: string) => Embed["image"];
  children: ReactNode;
}

function EmbedCard({ messageId, embed, copyOf, children, ...resolvers }: EmbedCardProps) {
  const { author, title, url, description, fields = [], image, thumbnail, color } = embed;
  const edge = color === undefined ? undefined : `#${color.toString(16).padStart(6, "0")}`;
  return (
    <section
      aria-label={title ?? author?.name ?? embedText(embed).slice(0, 80)}
      className={cx(
        "relative max-w-130 rounded-md border-l-4 border-line-strong bg-sunken px-3 py-2 text-sm wrap-anywhere",
        Boolean(children) && "pr-10",
      )}
      style={edge === undefined ? undefined : { borderColor: edge }}
    >
      {author && (
        <p className={cx("mb-1", isPreview(embed) ? "text-xs text-muted" : "font-medium")}>
          <MaybeLink url={author.url} warns>
            {author.name}
          </MaybeLink>
        </p>
      )}
      {title && (
        <p className="font-semibold">
          <MaybeLink url={url} warns={!isPreview(embed)}>
            {title}
          </MaybeLink>
        </p>
      )}
      {!title && url && <PictureLink url={url} isPage />}
      {description && <Description embed={embed} {...resolvers} />}
      {fields.length > 0 && (
        <dl className="mt-2 grid grid-cols-1 gap-2 sm:grid-cols-3">
          {fields.map(({ name, value, inline }, index) => (
            <div key={index} className={cx("min-w-0", !inline && "sm:col-span-3")}>
              <dt className="font-semibold">{name}</dt>
              <dd>
                <Text content={value} {...resolvers} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {isPreview(embed)
        ? image && <PreviewPicture messageId={messageId} url={url} picture={image} />
        : [image, thumbnail].map(
            (picture, index) =>
              picture && <SentPicture key={index} {...{ messageId, ...picture }} copy={copyOf(picture.url)} />,
          )}
      <Footer embed={embed} />
      {children}
    </section>
  );
}

/** A page's words are no Markdown, which could give an address other words. */
function Description({ embed, ...resolvers }: Resolvers & { embed: Embed }) {
  const { description = "" } = embed;
  if (!isPreview(embed)) return <Text content={description} {...resolvers} />;
  return (
    <p dir="auto" className="mt-0.5 line-clamp-4 text-muted">
      {description}
    </p>
  );
}

/** A link that says where the picture is from until there is a copy of it. */
function SentPicture({ messageId, url, copy }: { messageId: number; url: string; copy: Embed["image"] }) {
  const { t } = useTranslation("webhooks");
  if (!copy) return <PictureLink url={url} />;
  return <PreviewPicture {...{ messageId, url }} picture={copy} label={t("picture", { host: hostOf(url) })} />;
}

/** Has its place before it is loaded. */
function PreviewPicture({ messageId, url, picture, label }: PreviewPictureProps) {
  const { url: source, width, height } = picture;
  const named = label === undefined ? { tabIndex: -1, "aria-hidden": true } : { "aria-label": label };
  const link = (
    <a href={url} {...named} target="_blank" rel="noreferrer noopener nofollow" className="mt-2 block">
      <img src={source} width={width} height={height} alt="" loading="lazy" className="h-auto max-w-full rounded-md" />
    </a>
  );
  if (!picture.animated) return link;
  const id = source.split("/").at(-1)!;
  return (
    <GifFrame
      source={`picture:${id}`}
      body={{ message_id: messageId, picture_url: source }}
      className="mt-2 w-fit *:mt-0"
    >
      {link}
    </GifFrame>
  );
}

interface PreviewPictureProps {
  messageId: number;
  url: string | undefined;
  picture: NonNullable<Embed["image"]>;
  /** Of the link, where nothing beside it is one too. */
  label?: string;
}

function RemovePreviews({ messageId }: { messageId: number }) {
  const { t } = useTranslation("previews");
  const { rest } = useClient();
  const { busy, run } = useAction();
  return (
    <IconButton
      label={t("remove")}
      icon={<X size={14} aria-hidden />}
      size="sm"
      disabled={busy}
      className="absolute top-1 right-1"
      onClick={() => void run(() => rest.call<void>("DELETE", `/api/messages/${messageId}/previews`))}
    />
  );
}

/** An embed mentions nobody. */
function Text({ content, mentionOf, roleOf }: Resolvers & { content: string }) {
  return (
    <Markdown
      content={content}
      mentionOf={mentionOf}
      mentions={nobody}
      mentionsEveryone={false}
      mentionRoles={nobody}
      {...(roleOf && { roleOf })}
    />
  );
}

const nobody: readonly number[] = [];

function Footer({ embed: { footer, timestamp } }: { embed: Embed }) {
  const format = useFormat();
  const time = timestamp === undefined ? null : <time dateTime={timestamp}>{format.dateTime(timestamp)}</time>;
  if (!footer?.text && !time) return null;
  return (
    <p className="mt-2 text-xs text-faint">
      {footer?.text}
      {footer?.text && time && " · "}
      {time}
    </p>
  );
}

interface MaybeLinkProps {
  url: string | undefined;
  /** Nothing beside the words shows where they lead. */
  warns?: boolean;
  children: ReactNode;
}

function MaybeLink({ url, warns = false, children }: MaybeLinkProps) {
  if (url === undefined) return <bdi>{children}</bdi>;
  return (
    <a
      href={url}
      title={url}
      target="_blank"
      rel="noreferrer noopener nofollow"
      className="text-link hover:underline"
      {...(warns && warning(url))}
    >
      <bdi>{children}</bdi>
    </a>
  );
}

function PictureLink({ url, isPage = false }: { url: string; isPage?: boolean }) {
  const { t } = useTranslation("webhooks");
  const shown = hostOf(url);
  return (
    <p className="mt-1 flex items-center gap-1.5">
      {!isPage && <Image size={14} aria-hidden className="shrink-0 text-faint" />}
      <MaybeLink url={url}>{isPage ? shown : t("picture", { host: shown })}</MaybeLink>
    </p>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url;
}

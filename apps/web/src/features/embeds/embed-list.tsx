import { embedText, type Embed, type Message } from "@miscord/protocol";
import { Image } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import { cx } from "../../ui/cx.ts";
import { Markdown, type MarkdownProps } from "../markdown/markdown.tsx";

type Resolvers = Pick<MarkdownProps, "mentionOf" | "roleOf">;

/** What a webhook shows below its text. Nothing is loaded from the addresses: pictures are links. */
export function EmbedList({ message, ...resolvers }: Resolvers & { message: Message }) {
  return (
    <div className="mt-1 flex flex-col gap-1.5">
      {message.embeds?.map((embed, index) => (
        <EmbedCard key={index} embed={embed} {...resolvers} />
      ))}
    </div>
  );
}

function EmbedCard({ embed, ...resolvers }: Resolvers & { embed: Embed }) {
  const { author, title, url, description, fields = [], image, thumbnail, color } = embed;
  const edge = color === undefined ? undefined : `#${color.toString(16).padStart(6, "0")}`;
  return (
    <section
      aria-label={title ?? author?.name ?? embedText(embed).slice(0, 80)}
      className="max-w-130 rounded-md border-l-4 border-line-strong bg-sunken px-3 py-2 text-sm wrap-anywhere"
      style={edge === undefined ? undefined : { borderColor: edge }}
    >
      {author && (
        <p className="mb-1 font-medium">
          <MaybeLink url={author.url}>{author.name}</MaybeLink>
        </p>
      )}
      {title && (
        <p className="font-semibold">
          <MaybeLink url={url}>{title}</MaybeLink>
        </p>
      )}
      {!title && url && <PictureLink url={url} isPage />}
      {description && <Text content={description} {...resolvers} />}
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
      {[image, thumbnail].map((picture, index) => picture && <PictureLink key={index} url={picture.url} />)}
      <Footer embed={embed} />
    </section>
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

function MaybeLink({ url, children }: { url: string | undefined; children: ReactNode }) {
  if (url === undefined) return <bdi>{children}</bdi>;
  return (
    <a href={url} title={url} target="_blank" rel="noreferrer noopener nofollow" className="text-link hover:underline">
      <bdi>{children}</bdi>
    </a>
  );
}

function PictureLink({ url, isPage = false }: { url: string; isPage?: boolean }) {
  const { t } = useTranslation("webhooks");
  const shown = URL.canParse(url) ? new URL(url).hostname : url;
  return (
    <p className="mt-1 flex items-center gap-1.5">
      {!isPage && <Image size={14} aria-hidden className="shrink-0 text-faint" />}
      <MaybeLink url={url}>{isPage ? shown : t("picture", { host: shown })}</MaybeLink>
    </p>
  );
}

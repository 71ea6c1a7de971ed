import type { Embed } from "./embeds.ts";

/** The words of an embed from top to bottom, for whoever shows text only, and for AutoMod. */
export function embedText(embed: Embed): string {
  const { author, title, url, description, fields = [], image, thumbnail, footer } = embed;
  const lines = [
    author?.name,
    title,
    url,
    description,
    ...fields.map(({ name, value }) => `${name}: ${value}`),
    image?.url,
    thumbnail?.url,
    footer?.text,
  ];
  return lines.filter((line) => line !== undefined && line !== "").join("\n");
}

interface Shown {
  content: string;
  embeds?: readonly Embed[] | undefined;
}

/** Without the previews of pages, which are not what the sender wrote. */
export function sentEmbeds({ embeds = [] }: Pick<Shown, "embeds">): readonly Embed[] {
  return embeds.filter(({ kind }) => kind !== "link");
}

/** Text and embeds of a message as one text, without previews of pages. */
export function contentWithEmbeds({ content, embeds }: Shown): string {
  return [content, ...sentEmbeds({ embeds }).map(embedText)].filter((text) => text !== "").join("\n\n");
}

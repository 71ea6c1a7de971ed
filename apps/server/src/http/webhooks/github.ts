import { embedLimits, type Embed } from "@miscord/protocol";
import { z } from "zod";
import { githubEvents, type GitHubPayload } from "./github-events.ts";

const payload = z.looseObject({
  repository: z.looseObject({ full_name: z.string(), html_url: z.string().optional() }).optional(),
  organization: z.looseObject({ login: z.string() }).optional(),
  sender: z.looseObject({ login: z.string(), html_url: z.string().optional() }).optional(),
});

/** What GitHub tells as an embed; null for events, and actions of them, that nobody needs to read. Throws what zod throws. */
export function fromGitHub(event: string, input: unknown): Embed | null {
  const body = payload.parse(input) as GitHubPayload;
  const described = Object.hasOwn(githubEvents, event) ? githubEvents[event]!(body) : null;
  if (!described) return null;
  const { sender } = body;
  const place = body.repository?.full_name ?? body.organization?.login ?? "GitHub";
  const { title, url, description, color } = described;
  return {
    title: cut(`[${place}] ${title}`, embedLimits.title),
    ...(isWeb(url) && { url }),
    ...(description && { description: cut(description, embedLimits.description / 2) }),
    ...(color !== undefined && { color }),
    ...(sender && {
      author: { name: cut(sender.login, embedLimits.author), ...(isWeb(sender.html_url) && { url: sender.html_url }) },
    }),
  };
}

function isWeb(url: string | undefined): url is string {
  return url !== undefined && url.length <= embedLimits.address && /^https:\/\/\S+$/.test(url);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text;
}

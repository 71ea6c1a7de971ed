interface Titled {
  number?: number;
  title?: string;
  html_url?: string;
  body?: string | null;
  merged?: boolean;
  draft?: boolean;
}

/** The fields that are read of what GitHub sends; any may be missing. */
export interface GitHubPayload {
  repository?: { full_name: string; html_url?: string };
  organization?: { login: string };
  sender?: { login: string; html_url?: string };
  action?: string;
  zen?: string;
  ref?: string;
  ref_type?: string;
  compare?: string;
  created?: boolean;
  deleted?: boolean;
  forced?: boolean;
  commits?: { id?: string; message?: string; url?: string; author?: { name?: string } }[];
  issue?: Titled & { pull_request?: unknown };
  pull_request?: Titled;
  comment?: { html_url?: string; body?: string; commit_id?: string };
  review?: { html_url?: string; body?: string | null; state?: string };
  release?: { tag_name?: string; name?: string | null; html_url?: string; body?: string | null };
  discussion?: Titled;
  forkee?: { full_name?: string; html_url?: string };
  workflow_run?: { name?: string; html_url?: string; conclusion?: string | null; head_branch?: string };
}

export interface Described {
  title: string;
  url?: string | undefined;
  description?: string | null | undefined;
  color?: number;
}

const colors = { good: 0x2da44e, bad: 0xcf222e, done: 0x8250df, quiet: 0x6e7781, note: 0x0969da };
const commitsShown = 10;
const bodyLength = 500;

/** By the header `X-GitHub-Event`. */
export const githubEvents: Readonly<Record<string, (body: GitHubPayload) => Described | null>> = {
  ping: ({ zen, repository }) => ({ title: "webhook connected", url: repository?.html_url, description: zen }),
  push,
  create: ({ ref_type, ref, repository }) => ({ title: `new ${ref_type} created: ${ref}`, url: repository?.html_url }),
  delete: ({ ref_type, ref, repository }) => ({ title: `${ref_type} deleted: ${ref}`, url: repository?.html_url }),
  issues: ({ action, issue }) => {
    const color = action === "opened" || action === "reopened" ? colors.good : colors.done;
    return among(action, ["opened", "closed", "reopened"], () => of("issue", action, issue, color));
  },
  issue_comment: ({ action, issue, comment }) => {
    const kind = issue?.pull_request ? "pull request" : "issue";
    return among(action, ["created"], () => commented(kind, issue, comment));
  },
  pull_request: ({ action, pull_request: pull }) => {
    const isMerged = action === "closed" && pull?.merged === true;
    const done = isMerged ? "merged" : action === "ready_for_review" ? "ready for review" : action;
    const color = isMerged ? colors.done : action === "closed" ? colors.bad : colors.good;
    const told = ["opened", "closed", "reopened", "ready_for_review"];
    return among(action, told, () => of("pull request", done, pull, color));
  },
  pull_request_review: ({ action, pull_request: pull, review }) =>
    among(action, ["submitted"], () => ({
      title: `review (${review?.state?.replaceAll("_", " ")}) on pull request #${pull?.number}: ${pull?.title}`,
      url: review?.html_url,
      description: shortened(review?.body),
      color: review?.state === "approved" ? colors.good : colors.note,
    })),
  pull_request_review_comment: ({ action, pull_request: pull, comment }) =>
    among(action, ["created"], () => commented("pull request", pull, comment)),
  commit_comment: ({ comment }) => ({
    title: `new comment on commit \`${comment?.commit_id?.slice(0, 7)}\``,
    url: comment?.html_url,
    description: shortened(comment?.body),
    color: colors.note,
  }),
  release: ({ action, release }) =>
    among(action, ["published"], () => ({
      title: `new release published: ${release?.name || release?.tag_name}`,
      url: release?.html_url,
      description: shortened(release?.body),
      color: colors.good,
    })),
  discussion: ({ action, discussion }) =>
    among(action, ["created", "closed", "answered"], () => of("discussion", action, discussion, colors.note)),
  discussion_comment: ({ action, discussion, comment }) =>
    among(action, ["created"], () => commented("discussion", discussion, comment)),
  fork: ({ forkee }) => ({ title: `fork created: ${forkee?.full_name}`, url: forkee?.html_url, color: colors.quiet }),
  star: ({ action, repository }) =>
    among(action, ["created"], () => ({ title: "new star", url: repository?.html_url })),
  workflow_run: ({ action, workflow_run: run }) =>
    among(action, ["completed"], () => ({
      title: `${run?.name} ${run?.conclusion} on ${run?.head_branch}`,
      url: run?.html_url,
      color: run?.conclusion === "success" ? colors.good : colors.bad,
    })),
};

function push({
  ref = "",
  compare,
  commits = [],
  created,
  deleted,
  forced,
  repository,
}: GitHubPayload): Described | null {
  const name = ref.replace(/^refs\/(heads|tags)\//, "");
  const kind = ref.startsWith("refs/tags/") ? "tag" : "branch";
  if (deleted) return { title: `${kind} deleted: ${name}`, url: repository?.html_url };
  if (commits.length === 0) return created ? { title: `new ${kind} created: ${name}`, url: compare } : null;
  const count = `${commits.length} new commit${commits.length === 1 ? "" : "s"}`;
  const lines = commits.slice(0, commitsShown).map(({ id = "", message = "", author }) => {
    const [subject = ""] = message.split("\n");
    return `\`${id.slice(0, 7)}\` ${subject.slice(0, 100).toWellFormed()} — ${author?.name ?? "?"}`;
  });
  const rest = commits.length - lines.length;
  return {
    title: `${name}: ${count}${forced ? ", force-pushed" : ""}`,
    url: compare,
    description: [...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])].join("\n"),
    color: forced ? colors.bad : colors.note,
  };
}

/** Null for actions that are not told, such as a label. */
function among(action: string | undefined, told: readonly string[], describe: () => Described): Described | null {
  return action !== undefined && told.includes(action) ? describe() : null;
}

function of(kind: string, done: string | undefined, about: Titled | undefined, color: number): Described {
  const description = done === "opened" || done === "created" ? shortened(about?.body) : undefined;
  return { title: `${kind} ${done}: #${about?.number} ${about?.title}`, url: about?.html_url, description, color };
}

function commented(kind: string, about: Titled | undefined, comment: GitHubPayload["comment"]): Described {
  const title = `new comment on ${kind} #${about?.number}: ${about?.title}`;
  return { title, url: comment?.html_url, description: shortened(comment?.body), color: colors.note };
}

function shortened(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  return text.length > bodyLength ? `${text.slice(0, bodyLength).toWellFormed()}…` : text;
}

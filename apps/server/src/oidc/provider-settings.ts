import { z } from "zod";

/** A group of the provider and what its members are here. */
const groupRule = z.union([
  z.strictObject({ group: z.string().min(1).max(200), administrator: z.literal(true) }),
  z.strictObject({ group: z.string().min(1).max(200), role: z.int().positive() }),
]);

const claim = z.string().min(1).max(100);

const httpsUrl = z.url().refine((text) => {
  const { protocol, username, search, hash } = new URL(text);
  return protocol === "https:" && username === "" && search === "" && hash === "";
}, "must be an https address without user, query or fragment");

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,29}$/, "must be at most 30 small letters, digits and dashes"),
  name: z.string().min(1).max(40),
  client_id: z.string().min(1).max(500),
  client_secret: z.string().min(1).max(2_000).optional(),
  username_claim: claim.optional(),
  groups_claim: claim.default("groups"),
  groups: z.array(groupRule).max(100).default([]),
  /** The provider asks for a second factor, so that the account's own is not asked for. */
  second_factor: z.boolean().default(false),
};

const oidc = z.strictObject({
  ...common,
  kind: z.literal("oidc"),
  issuer: httpsUrl,
  scope: z.string().max(500).default("openid profile email"),
  client_auth: z.enum(["basic", "post"]).default("basic"),
});
/** Those that give no ID token, and tell who it is at an address of their own. */
const oauth = z.strictObject({ ...common, kind: z.enum(["yandex", "vk"]), scope: z.string().max(500).optional() });

const providers = z
  .array(
    z.preprocess(
      (value) =>
        typeof value === "object" && value !== null && !("kind" in value) ? { kind: "oidc", ...value } : value,
      z.discriminatedUnion("kind", [oidc, oauth]),
    ),
  )
  .max(20)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, "has the same id twice");

export type ProviderSettings = z.output<typeof providers>[number];
export type OidcSettings = Extract<ProviderSettings, { kind: "oidc" }>;
export type OauthSettings = Exclude<ProviderSettings, OidcSettings>;

/** A JSON array of login providers. No fault names a value: secrets are among them. */
export const loginProviders = z.string().transform((text, context): ProviderSettings[] => {
  const fail = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail("must be a JSON array of login providers");
  }
  const parsed = providers.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return fail(`is wrong at ${issue!.path.join(".") || "its top"}: ${issue!.message}`);
});

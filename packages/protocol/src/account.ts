import { z } from "zod";
import { limits } from "./limits.ts";
import { isoTime, locale, title } from "./model.ts";

export const newPassword = z.string().min(limits.passwordMin).max(limits.passwordLength);
export const oneTimeCode = z.string().min(1).max(128);
export const email = z.email().max(limits.emailLength);
const username = z.string().min(1).max(limits.emailLength);
/** A code of the authenticator app, or a recovery code, however it is spaced. */
const code = z.string().min(1).max(64);
/** What `navigator.credentials` gave, as JSON of WebAuthn Level 3. The server checks what is inside. */
const passkeyAnswer = z.looseObject({
  id: z.string().min(1).max(1_400),
  rawId: z.string().max(1_400),
  type: z.literal("public-key"),
  response: z.record(z.string().max(40), z.unknown()),
  clientExtensionResults: z.record(z.string().max(40), z.unknown()).default({}),
});

/** The second step: the ticket of the first, and a code or a passkey. */
const secondStep = z
  .object({ ticket: oneTimeCode, code: code.optional(), passkey: passkeyAnswer.optional() })
  .refine((body) => (body.code === undefined) !== (body.passkey === undefined), "needs a code or a passkey");
const firstStep = z.object({ username, password: z.string().min(1).max(limits.passwordLength) });
const passkeyOnly = z.object({ passkey: passkeyAnswer });
/** From a link that the operator made at the command line. */
const byLink = z.object({ link: oneTimeCode });
/** A login with the password; the second step of one; a login with a passkey alone, or with a link. Forms have the first only. */
export const loginBody = z.union([firstStep, secondStep, passkeyOnly, byLink]);
export const formLoginBody = firstStep;

export const recoverBody = z.object({ username, recovery_code: code, new_password: newPassword });
export const resetBody = z.object({ token: oneTimeCode, new_password: newPassword });
export const resetLinkBody = z.object({ username });
/** Exactly one of them. */
export const confirmBody = z
  .object({ password: z.string().max(limits.passwordLength), code, passkey: passkeyAnswer })
  .partial()
  .refine((body) => Object.keys(body).length === 1, "needs a password, a code or a passkey");
export const authenticatorCodeBody = z.object({ code });
/** `ticket`: of a login that waits for its second step; the answer then names that user's passkeys. */
export const passkeyOptionsBody = z.object({ ticket: oneTimeCode.optional() });
export const passkeyBody = z.object({ passkey: passkeyAnswer, name: title(limits.passkeyNameLength) });

/** `provider`: a login provider that is linked to the account. */
export const proofMethod = z.enum(["password", "authenticator", "passkey", "recovery_code", "provider"]);
/** `details` of `second_factor_required`. Without a ticket: this way of logging in has no second step. */
export const secondStepDetails = z.object({ ticket: z.string().optional(), methods: z.array(proofMethod) });
/** `details` of `confirmation_required`. */
export const confirmationDetails = z.object({ methods: z.array(proofMethod) });
export const passkey = z.object({
  id: z.string(),
  name: z.string(),
  created_at: isoTime,
  last_used_at: isoTime.nullable(),
});
/** A login at a provider that is linked to the account. */
export const identity = z.object({
  id: z.string(),
  /** Null: the instance has no such provider any more. */
  provider: z.string().nullable(),
  /** What the provider calls the person, for them to recognise. */
  label: z.string(),
  created_at: isoTime,
  last_used_at: isoTime,
});
export const accountSecurity = z.object({
  /** False for an account that has logged in through a provider only. */
  password: z.boolean(),
  identities: z.array(identity),
  authenticator: z.boolean(),
  passkeys: z.array(passkey),
  recovery_codes_left: z.number().int(),
  /** False where this address of the instance cannot have passkeys. */
  passkeys_possible: z.boolean(),
});
export const recoveryCodes = z.object({ recovery_codes: z.array(z.string()) });
/** `uri`: `otpauth://…`, for a QR code. */
export const authenticatorSecret = z.object({ secret: z.string(), uri: z.string() });
export const resetLink = z.object({ token: z.string(), expires_at: isoTime });
export const resetAnswer = z.object({ username: z.string() });

/** `locale`: of the page, for mails to people who have not chosen a language. */
export const mailAddressBody = z.object({ email, locale: locale.optional() });
export const mailWishesBody = z.object({ notices: z.boolean(), digest: z.boolean() }).partial();
export const confirmAddressBody = z.object({ token: oneTimeCode });
export const resetMailBody = z.object({ email });
/** The user's address, and what is sent to it. */
export const accountMail = z.object({
  /** False: this instance sends no mails. */
  available: z.boolean(),
  /** Empty: there is none. */
  email: z.string(),
  confirmed: z.boolean(),
  /** Takes the place of `email` once its owner opens the link that was sent to it. */
  pending: z.string().nullable(),
  /** Of new devices, and of changes of the password, the second factors and the address. */
  notices: z.boolean(),
  /** Missed mentions, once a day. */
  digest: z.boolean(),
});
/** Whether the instance's mails leave, for its administrators. */
export const instanceMail = z.object({
  /** Address of the sender; null: no mail server is set. */
  from: z.string().nullable(),
  /** Mails that wait. */
  waiting: z.number().int(),
  sent_at: isoTime.nullable(),
  /** Of the latest attempt, if it failed: a code such as `EAUTH`, with the answer's number where there was one. */
  failed: z.object({ at: isoTime, reason: z.string() }).nullable(),
});

export type LoginBody = z.input<typeof loginBody>;
export type RecoverBody = z.infer<typeof recoverBody>;
export type ResetBody = z.infer<typeof resetBody>;
export type ConfirmBody = z.input<typeof confirmBody>;
export type PasskeyAnswer = z.infer<typeof passkeyAnswer>;
export type PasskeyAnswerBody = z.input<typeof passkeyAnswer>;
export type ProofMethod = z.infer<typeof proofMethod>;
export type SecondStepDetails = z.infer<typeof secondStepDetails>;
export type ConfirmationDetails = z.infer<typeof confirmationDetails>;
export type Passkey = z.infer<typeof passkey>;
export type Identity = z.infer<typeof identity>;
export type AccountSecurity = z.infer<typeof accountSecurity>;
export type RecoveryCodes = z.infer<typeof recoveryCodes>;
export type AuthenticatorSecret = z.infer<typeof authenticatorSecret>;
export type ResetLink = z.infer<typeof resetLink>;
export type MailAddressBody = z.infer<typeof mailAddressBody>;
export type MailWishesBody = z.infer<typeof mailWishesBody>;
export type AccountMail = z.infer<typeof accountMail>;
export type InstanceMail = z.infer<typeof instanceMail>;

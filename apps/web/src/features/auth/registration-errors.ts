import { ApiError } from "@miscord/client";
import { limits, type RegisterBody } from "@miscord/protocol";
import { isUsername } from "@miscord/text";

export type RegistrationField = "username" | "email" | "password" | "display_name" | "invite_code";
/** Keys of `auth:fault`. */
type Fault =
  | "usernameMissing"
  | "usernameShort"
  | "usernameCharacters"
  | "usernameTaken"
  | "email"
  | "passwordShort"
  | "inviteNeeded"
  | "inviteInvalid"
  | "invalid";
export type Faults = Partial<Record<RegistrationField, Fault>>;

/** What can be said before asking the server. */
export function registrationFaults({ username, email, password }: RegisterBody): Faults {
  const faults: Faults = {};
  if (username === "") faults.username = "usernameMissing";
  else if (username.length < limits.usernameMin) faults.username = "usernameShort";
  else if (!isUsername(username.normalize("NFC"))) faults.username = "usernameCharacters";
  if (!/^\S+@\S+\.\S+$/.test(email)) faults.email = "email";
  if (password.length < limits.passwordMin) faults.password = "passwordShort";
  return faults;
}

/** What the server refused, beside the field that it concerns; null when it concerns none. */
export function refusedFaults(error: unknown): Faults | null {
  if (!(error instanceof ApiError)) return null;
  if (error.code === "username_taken") return { username: "usernameTaken" };
  if (error.code === "invite_invalid") return { invite_code: "inviteInvalid" };
  if (error.code !== "invalid_request") return null;
  const fields = invalidFields(error.details);
  return fields.length > 0 ? Object.fromEntries(fields.map((field) => [field, faultOf(field)])) : null;
}

const known: readonly RegistrationField[] = ["username", "email", "password", "display_name", "invite_code"];

function faultOf(field: RegistrationField): Fault {
  if (field === "email") return "email";
  return field === "username" ? "usernameCharacters" : "invalid";
}

/** `details` lists the schema's issues, each with the path of what it is about. */
function invalidFields(details: unknown): readonly RegistrationField[] {
  const issues = (details as { issues?: { path?: unknown }[] } | null | undefined)?.issues ?? [];
  return issues
    .map(({ path }) => path)
    .filter((field): field is RegistrationField => known.some((name) => name === field));
}

import { ApiError } from "@miscord/client";
import { limits, type RegisterBody } from "@miscord/protocol";
import { isUsername } from "@miscord/text";

export type RegistrationField = "username" | "email" | "password" | "display_name" | "invite_code" | "reason";
/** Translation keys below `auth:fault`. */
type Fault =
  | "usernameMissing"
  | "usernameShort"
  | "usernameCharacters"
  | "usernameTaken"
  | "email"
  | "passwordShort"
  | "inviteNeeded"
  | "inviteInvalid"
  | "reasonNeeded"
  | "invalid";
export type Faults = Partial<Record<RegistrationField, Fault>>;

/** Faults that can be found without asking the server. */
export function registrationFaults({ username, email, password }: RegisterBody): Faults {
  const faults: Faults = {};
  const name = usernameFault(username);
  if (name) faults.username = name;
  if (email !== undefined && !/^\S+@\S+\.\S+$/.test(email)) faults.email = "email";
  if (password.length < limits.passwordMin) faults.password = "passwordShort";
  return faults;
}

export function usernameFault(username: string): Fault | undefined {
  if (username === "") return "usernameMissing";
  if (username.length < limits.usernameMin) return "usernameShort";
  return isUsername(username.normalize("NFC")) ? undefined : "usernameCharacters";
}

/** Faults from the server's error, by field; null when the error concerns no field. */
export function refusedFaults(error: unknown): Faults | null {
  if (!(error instanceof ApiError)) return null;
  if (error.code === "username_taken") return { username: "usernameTaken" };
  if (error.code === "invite_invalid") return { invite_code: "inviteInvalid" };
  if (error.code !== "invalid_request") return null;
  const fields = invalidFields(error.details);
  return fields.length > 0 ? Object.fromEntries(fields.map((field) => [field, faultOf(field)])) : null;
}

const known: readonly RegistrationField[] = ["username", "email", "password", "display_name", "invite_code", "reason"];

function faultOf(field: RegistrationField): Fault {
  if (field === "reason") return "reasonNeeded";
  if (field === "email") return "email";
  return field === "username" ? "usernameCharacters" : "invalid";
}

/** The fields named in `details`, which lists the schema's issues, each with a path. */
function invalidFields(details: unknown): readonly RegistrationField[] {
  const issues = (details as { issues?: { path?: unknown }[] } | null | undefined)?.issues ?? [];
  return issues
    .map(({ path }) => path)
    .filter((field): field is RegistrationField => known.some((name) => name === field));
}

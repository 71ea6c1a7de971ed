import { isLoopback } from "./is-loopback.ts";

/** How to reach the SMTP server that `SMTP_URL` names. */
export interface SmtpServer {
  host: string;
  port: number;
  /** `implicit`: from the first byte; `starttls`: required before anything is said; `off`: none. */
  tls: "implicit" | "starttls" | "off";
  auth: { user: string; pass: string } | null;
}

const ports = { implicit: 465, starttls: 587, off: 25 } as const;

/** Parses `smtps://user:password@host:465` or `smtp://host:25?tls=off`. A string says what is wrong with it. */
export function parseSmtpUrl(text: string): SmtpServer | string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !["smtp:", "smtps:"].includes(url.protocol) || url.hostname === "") {
    return "must be an address that starts with smtp:// or smtps://, like smtps://user:password@mail.example.org";
  }
  const isOff = url.search === "?tls=off";
  if (url.search !== "" && !isOff) return "may end with ?tls=off and nothing else";
  if (!["", "/"].includes(url.pathname) || url.hash !== "") {
    return "must not have a path; write special characters of the user and the password as %XX";
  }
  if (url.protocol === "smtps:" && isOff) return "smtps:// is TLS: ?tls=off contradicts it";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const plain = isOff || isLoopback(host) ? "off" : "starttls";
  const tls = url.protocol === "smtps:" ? "implicit" : plain;
  return { host, port: url.port === "" ? ports[tls] : Number(url.port), tls, auth: authOf(url) };
}

function authOf({ username, password }: URL): SmtpServer["auth"] {
  return username === "" ? null : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail as it arrived. */
export interface ReceivedMail {
  /** Whom the envelope names. */
  to: readonly string[];
  headers: ReadonlyMap<string, string>;
  /** Raw, as sent. */
  source: string;
  text: string;
  html: string;
}

export interface MailServer {
  /** For `SMTP_URL`; with a user and a password, which the server asks for. */
  readonly url: string;
  readonly received: readonly ReceivedMail[];
  /** Refuses every mail with this answer until it is null again. */
  refuseWith(answer: { status: number; message: string } | null): void;
  close(): Promise<void>;
}

export const mailLogin = { user: "miscord", pass: "a secret of the mail server" };

/** A real SMTP server on this machine that keeps what it is given. */
export async function startMailServer(): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  let refusal: { status: number; message: string } | null = null;
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === mailLogin.user && password === mailLogin.pass;
      done(isRight ? null : new Error("wrong login"), isRight ? { user: username } : undefined);
    },
    onRcptTo: (_address, _session, done) => {
      if (!refusal) done();
      else done(Object.assign(new Error(refusal.message), { responseCode: refusal.status }));
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        received.push(
          parse(
            Buffer.concat(chunks).toString(),
            envelope.rcptTo.map(({ address }) => address),
          ),
        );
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${mailLogin.user}:${encodeURIComponent(mailLogin.pass)}@127.0.0.1:${port}`,
    received,
    refuseWith: (answer) => void (refusal = answer),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function parse(source: string, to: string[]): ReceivedMail {
  const { headers, body } = partOf(source);
  const boundary = /boundary="([^"]+)"/.exec(headers.get("content-type") ?? "")?.[1] ?? "";
  const parts = body.split(`--${boundary}`).map((part) => partOf(part.trim()));
  const bodyOf = (type: string) =>
    decoded(parts.find((part) => part.headers.get("content-type")?.startsWith(type)) ?? { headers, body: "" });
  return { to, source, headers, text: bodyOf("text/plain"), html: bodyOf("text/html") };
}

function partOf(source: string): { headers: Map<string, string>; body: string } {
  const [head = "", ...rest] = source.split("\r\n\r\n");
  const lines = head.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n");
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(":")).toLowerCase(),
    line.slice(line.indexOf(":") + 2),
  ]);
  return { headers: new Map(headers as [string, string][]), body: rest.join("\r\n\r\n") };
}

function decoded({ headers, body }: { headers: Map<string, string>; body: string }): string {
  const encoding = headers.get("content-transfer-encoding");
  if (encoding === "base64") return Buffer.from(body, "base64").toString();
  if (encoding !== "quoted-printable") return body;
  const bytes = body
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}

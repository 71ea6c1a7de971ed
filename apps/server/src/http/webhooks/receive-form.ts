import { limits } from "@miscord/protocol";
import type { MultipartFile, MultipartValue } from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { removeUpload } from "../../domain/attachments/read-attachment.ts";
import { tooLarge } from "../../domain/attachments/upload-limits.ts";
import { uploadAttachment } from "../../domain/attachments/upload.ts";
import { requireMayAttach } from "../../domain/webhooks/execute.ts";
import { AppError } from "../../errors.ts";
import { isTooDeep } from "../../json-depth.ts";
import type { WebhookRow } from "../../store/webhook-tables.ts";
import type { BodyDeadlines } from "../body-deadlines.ts";
import type { HttpOptions } from "../options.ts";

/** Bytes that a form may add to its files. */
export const formBytes = 128 * 1024;
const fieldBytes = 64 * 1024;

export interface Received {
  body: unknown;
  attachmentIds: number[];
}

/**
 * The body of a message, which is JSON, a form with its fields, or a form with JSON in `payload_json` and with files. Files are kept
 * as uploads of whoever made the webhook.
 */
export async function receiveBody(
  request: FastifyRequest,
  webhook: WebhookRow,
  { context }: Pick<HttpOptions, "context">,
  deadlines: BodyDeadlines,
): Promise<Received> {
  if (!request.isMultipart()) return { body: withPayload(request.body), attachmentIds: [] };
  const maxBytes = context.instance.values.max_upload_bytes;
  const announced = Number(request.headers["content-length"] ?? maxBytes + formBytes);
  if (announced > maxBytes + formBytes) throw tooLarge(maxBytes);
  deadlines.allowUpload(request.raw);
  const fields: Record<string, unknown> = {};
  const attachmentIds: number[] = [];
  const partLimits = { files: limits.attachmentsPerMessage, fileSize: maxBytes, fields: 20, fieldSize: fieldBytes };
  let fieldsLeft = formBytes;
  try {
    for await (const part of request.parts({ limits: partLimits })) {
      if (part.type === "field") {
        const text = textOf(part);
        fieldsLeft -= text.length;
        if (fieldsLeft < 0) throw new AppError("too_large", "The fields of the form are too large.");
        fields[part.fieldname] = text;
      } else attachmentIds.push(await keepFile(part, webhook, context, { maxBytes, announced }));
    }
    return { body: withPayload(fields), attachmentIds };
  } catch (cause) {
    await dropFiles(context, webhook, attachmentIds);
    if (cause instanceof AppError) throw cause;
    throw new AppError("malformed", "The form cannot be read.", { cause });
  }
}

/** Of a message that was not sent: they would take up room of whoever made the webhook. What fails is left to `sweepAttachments`. */
export async function dropFiles(
  context: HttpOptions["context"],
  { created_by: userId }: WebhookRow,
  ids: readonly number[],
): Promise<void> {
  await Promise.allSettled(ids.map((id) => removeUpload(context, { userId }, id)));
}

/**
 * The library has parsed a field that calls itself JSON, and keeps it for as long as the request lasts: that may be half an
 * hour, and many times as much memory as was sent.
 */
function textOf(field: MultipartValue): string {
  const { fieldname, value, fields } = field;
  delete fields[fieldname];
  field.value = undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function keepFile(
  part: MultipartFile,
  webhook: WebhookRow,
  context: HttpOptions["context"],
  { maxBytes, announced }: { maxBytes: number; announced: number },
): Promise<number> {
  try {
    await requireMayAttach(context, webhook);
    const upload = {
      filename: part.filename,
      declaredType: part.mimetype,
      announcedBytes: announced,
      maxBytes,
      source: part.file,
      isTruncated: () => part.file.truncated,
    };
    // They count for whoever made the webhook, who could otherwise have any number of bytes through any number of webhooks.
    return (await uploadAttachment(context, { userId: webhook.created_by }, upload)).id;
  } finally {
    // The rest of a refused file is still arriving; unread, it would block the connection.
    part.file.resume();
  }
}

/** GitHub and Slack name the field `payload`, Discord `payload_json`. */
function withPayload(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  const fields = body as Record<string, unknown>;
  const payload = fields["payload_json"] ?? fields["payload"];
  if (typeof payload !== "string") return body;
  if (isTooDeep(Buffer.from(payload))) throw new AppError("malformed", "The payload is nested too deeply.");
  try {
    return JSON.parse(payload) as unknown;
  } catch (cause) {
    throw new AppError("malformed", "The payload is no JSON.", { cause });
  }
}

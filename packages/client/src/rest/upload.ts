import type { Attachment, HttpError, VoiceRecording } from "@miscord/protocol";
import { ApiError } from "./api-error.ts";
import type { AuthorizedHttp } from "./authorized-http.ts";
import { errorOf } from "./http.ts";

export type UploadSource = Blob & { readonly name?: string };

export interface UploadOptions {
  /** The file is a voice message of this length and wave form. */
  voice?: VoiceRecording;
  /** From 0 to 1. Called only where XMLHttpRequest exists: fetch does not report upload progress. */
  onProgress?: (fraction: number) => void;
  signal?: AbortSignal;
}

/** Uploads one file as multipart form data. Rejects with `ApiError`, or with the reason of an aborted `signal`. */
export async function uploadAttachment(
  http: AuthorizedHttp,
  file: UploadSource,
  options: UploadOptions = {},
): Promise<Attachment> {
  const form = new FormData();
  for (const [name, value] of Object.entries(options.voice ?? {})) form.append(name, String(value));
  form.append("file", file, file.name ?? "file");
  if (typeof XMLHttpRequest === "undefined") {
    return http.request<Attachment>("POST", "/api/attachments", {
      body: form,
      ...(options.signal && { signal: options.signal }),
    });
  }
  const bearer = await http.bearer();
  return uploadWithProgress(http.url("/api/attachments"), form, bearer, options);
}

function uploadWithProgress(url: string, form: FormData, bearer: string, options: UploadOptions): Promise<Attachment> {
  const { promise, resolve, reject } = Promise.withResolvers<Attachment>();
  const request = new XMLHttpRequest();
  const abort = () => request.abort();
  request.open("POST", url);
  request.withCredentials = true;
  request.responseType = "json";
  request.setRequestHeader("authorization", `Bearer ${bearer}`);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
  });
  request.addEventListener("load", () => {
    if (request.status === 201) resolve(request.response as Attachment);
    else
      reject(errorOf(request.status, request.response as HttpError | null, request.getResponseHeader("retry-after")));
  });
  request.addEventListener("error", () => reject(new ApiError("unavailable", "the upload was cut off")));
  request.addEventListener("abort", () => reject(options.signal?.reason as Error));
  request.addEventListener("loadend", () => options.signal?.removeEventListener("abort", abort));
  if (options.signal?.aborted) return Promise.reject(options.signal.reason as Error);
  options.signal?.addEventListener("abort", abort);
  request.send(form);
  return promise;
}

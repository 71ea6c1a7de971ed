import { fileURLToPath } from "node:url";

/** A folder, which all nodes can reach when there are several. */
interface FolderLocation {
  readonly kind: "folder";
  readonly path: string;
}

/** A bucket of an S3-compatible store. */
export interface S3Location {
  readonly kind: "s3";
  readonly bucket: string;
  /** Empty, or ends in a slash. */
  readonly prefix: string;
  /** Address of the bucket, by path or by virtual host. */
  readonly url: string;
  readonly region: string;
}

/** Where uploads are kept. */
export type StorageLocation = FolderLocation | S3Location;

const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const prefixPattern = /^[\w./-]*$/;
const options: ReadonlySet<string> = new Set(["endpoint", "region", "style"]);

/**
 * Parses `file:///folder` or `s3://bucket/prefix?endpoint=https://host&region=name&style=path`. Returns a text that
 * continues a sentence about the setting when it is wrong; the text never holds what was given.
 */
export function parseStorageLocation(text: string): StorageLocation | string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "file:") return folderAt(url);
  if (url?.protocol === "s3:") return bucketAt(url);
  return "must be folder, or an address like file:///folder or s3://bucket/prefix?endpoint=https://host&region=name";
}

/** For messages to the operator. */
export function describeLocation(location: StorageLocation): string {
  if (location.kind === "folder") return location.path;
  return `s3://${location.bucket}/${location.prefix} at ${new URL(location.url).host}`;
}

function folderAt(url: URL): FolderLocation | string {
  if (url.host !== "" || url.search !== "" || url.hash !== "") return "must name a folder like file:///folder";
  return { kind: "folder", path: fileURLToPath(url).replace(/(?<=.)\/+$/, "") };
}

function bucketAt(url: URL): S3Location | string {
  if (url.username !== "" || url.password !== "") {
    return "must not hold credentials: they are S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY";
  }
  if (!bucketPattern.test(url.host)) return "must name a bucket, like s3://bucket/prefix";
  const path = url.pathname.replace(/^\/+|\/+$/g, "");
  if (!prefixPattern.test(path)) return "may have only letters, digits and . _ - / in its prefix";
  const unknown = [...url.searchParams.keys()].some((name) => !options.has(name));
  if (unknown) return "may have only the parameters endpoint, region and style";
  const {
    endpoint,
    region = "auto",
    style = endpoint === undefined ? "host" : "path",
  } = Object.fromEntries(url.searchParams) as Partial<Record<"endpoint" | "region" | "style", string>>;
  if (style !== "path" && style !== "host") return "must have the style path or host";
  const base = endpointOf(endpoint, region);
  if (typeof base === "string") return base;
  const prefix = path === "" ? "" : `${path}/`;
  return { kind: "s3", bucket: url.host, prefix, region, url: bucketUrl(base, url.host, style) };
}

function endpointOf(endpoint: string | undefined, region: string): URL | string {
  if (endpoint === undefined) {
    if (!/^[a-z0-9-]+$/.test(region) || region === "auto") return "must have an endpoint, or a region of AWS";
    return new URL(`https://s3.${region}.amazonaws.com`);
  }
  const fault = "must have an endpoint like https://host, without credentials and without a query";
  if (!URL.canParse(endpoint)) return fault;
  const url = new URL(endpoint);
  const isPlain = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  return isPlain && (url.protocol === "https:" || url.protocol === "http:") ? url : fault;
}

function bucketUrl(endpoint: URL, bucket: string, style: "path" | "host"): string {
  const path = endpoint.pathname.replace(/\/+$/, "");
  if (style === "host") return `${endpoint.protocol}//${bucket}.${endpoint.host}${path}`;
  return `${endpoint.protocol}//${endpoint.host}${path}/${bucket}`;
}

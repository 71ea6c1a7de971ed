import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { parseStorageLocation } from "./location.ts";

describe("STORAGE", () => {
  const parse = parseStorageLocation;

  test("a folder is named by a file address", () => {
    expect(parse("file:///srv/uploads/")).toEqual({ kind: "folder", path: "/srv/uploads" });
    expect(parse(pathToFileURL("/srv/my files").href)).toEqual({ kind: "folder", path: "/srv/my files" });
  });

  test("a bucket is addressed by path, or by virtual host where asked for", () => {
    const bucket = "s3://files/a/b/?region=eu-1&endpoint=https://s3.example.org:9000/base/";
    const location = { kind: "s3", bucket: "files", prefix: "a/b/", region: "eu-1" };
    expect(parse(bucket)).toEqual({ ...location, url: "https://s3.example.org:9000/base/files" });
    expect(parse(`${bucket}&style=host`)).toEqual({ ...location, url: "https://files.s3.example.org:9000/base" });
  });

  test("without an endpoint a bucket is one of AWS in its region", () => {
    expect(parse("s3://files?region=eu-west-1")).toMatchObject({
      prefix: "",
      url: "https://files.s3.eu-west-1.amazonaws.com",
    });
    expect(parse("s3://files")).toBe("must have an endpoint, or a region of AWS");
  });

  test("wrong values are refused without being repeated", () => {
    const endpoint = "endpoint=https://s3.example.org";
    const wrong = [
      "uploads",
      "https://s3.example.org/files",
      `s3://id:secret@files?${endpoint}`,
      `s3://files/../other files?${endpoint}`,
      `s3://?${endpoint}`,
      `s3://files?${endpoint}&secret=secret`,
      "s3://files?endpoint=https://id:secret@s3.example.org",
      "s3://files?endpoint=ftp://s3.example.org",
      `s3://files?${endpoint}&style=other`,
      "file://host/folder",
    ];
    for (const text of wrong) {
      const fault = parse(text);
      expect(fault, text).toMatch(/^(must|may) /);
      expect(fault).not.toContain("secret@");
    }
  });
});

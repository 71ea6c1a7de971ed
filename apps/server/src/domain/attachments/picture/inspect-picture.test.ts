import { describe, expect, test } from "vitest";
import { orientationOf } from "./exif.ts";
import { inspectPicture } from "./inspect-picture.ts";
import { box, clap, heif, irot, ispe, movie } from "./testing/build-heif.ts";
import {
  gif,
  gifExtension,
  gifFrame,
  jfif,
  jpeg,
  jpegExif,
  jpegSegment,
  lossless,
  lossy,
  pixels,
  png,
  pngChunk,
  secret,
  tiff,
  webp,
  webpChunk,
  webpHeader,
} from "./testing/build-raster.ts";

function inspected(bytes: Buffer, type: string) {
  const picture = inspectPicture(bytes, type);
  if (!picture) return null;
  const { contentType, width, height, parts } = picture;
  return { contentType, width, height, bytes: Buffer.concat(parts) };
}

const text = (bytes: Buffer) => bytes.toString("latin1");
const xmp = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${secret}`;
const icc = "ICC_PROFILE\0\x01\x01 a colour profile";
const frameControl = pngChunk("fcTL", Buffer.alloc(26));

const pictures: [name: string, type: string, bytes: Buffer, size: [number, number], kept: string[]][] = [
  ["a JPEG without metadata", "image/jpeg", jpeg({ before: [jfif] }), [40, 30], ["JFIF"]],
  ["a JPEG with Exif", "image/jpeg", jpeg({ before: [jpegExif(1)] }), [40, 30], []],
  ["a JPEG lying on its side", "image/jpeg", jpeg({ before: [jfif, jpegExif(6)] }), [30, 40], ["Exif"]],
  ["a JPEG lying on its side, little-endian", "image/jpeg", jpeg({ before: [jpegExif(8, "II")] }), [30, 40], ["Exif"]],
  ["a JPEG upside down", "image/jpeg", jpeg({ before: [jpegExif(3)] }), [40, 30], ["Exif"]],
  ["a JPEG with XMP", "image/jpeg", jpeg({ before: [jpegSegment(0xe1, xmp)] }), [40, 30], []],
  ["a JPEG with IPTC", "image/jpeg", jpeg({ before: [jpegSegment(0xed, `Photoshop 3.0\0${secret}`)] }), [40, 30], []],
  ["a JPEG with a comment", "image/jpeg", jpeg({ before: [jpegSegment(0xfe, secret)] }), [40, 30], []],
  ["a JPEG with a comment between scans", "image/jpeg", jpeg({ between: [jpegSegment(0xfe, secret)] }), [40, 30], []],
  [
    "a progressive JPEG with a profile",
    "image/jpeg",
    jpeg({ frame: 0xc2, before: [jpegSegment(0xe2, icc)] }),
    [40, 30],
    [icc],
  ],
  [
    "a JPEG with Adobe's transform",
    "image/jpeg",
    jpeg({ before: [jpegSegment(0xee, `Adobe\0d\0\0\0\0\x01${secret}`)] }),
    [40, 30],
    ["Adobe"],
  ],
  [
    "a JPEG with a JFIF thumbnail",
    "image/jpeg",
    jpeg({ before: [jpegSegment(0xe0, `JFIF\0\x01\x02\x01\0H\0H\x05\x05${secret}`)] }),
    [40, 30],
    ["JFIF"],
  ],
  [
    "a JPEG with a second picture and a video behind it",
    "image/jpeg",
    jpeg({
      before: [jpegSegment(0xe2, `MPF\0${secret}`)],
      end: Buffer.concat([Buffer.from([0xff, 0xd9]), Buffer.from(`ftypmp42${secret}`)]),
    }),
    [40, 30],
    [],
  ],
  ["a JPEG without an end", "image/jpeg", jpeg({ before: [jpegExif(1)], end: Buffer.alloc(0) }), [40, 30], []],
  [
    "a PNG with texts",
    "image/png",
    png({ before: [pngChunk("tEXt", secret)], after: [pngChunk("iTXt", secret), pngChunk("zTXt", secret)] }),
    [40, 30],
    [],
  ],
  ["a PNG with Exif", "image/png", png({ after: [pngChunk("eXIf", tiff(1))] }), [40, 30], []],
  ["a PNG lying on its side", "image/png", png({ before: [pngChunk("eXIf", tiff(6))] }), [30, 40], ["eXIf"]],
  [
    "a PNG with a time and a private chunk",
    "image/png",
    png({ before: [pngChunk("tIME", secret.slice(0, 7)), pngChunk("prVt", secret)] }),
    [40, 30],
    [],
  ],
  [
    "a PNG with a profile and density",
    "image/png",
    png({ before: [pngChunk("iCCP", "profile"), pngChunk("pHYs", "123456789")] }),
    [40, 30],
    ["iCCPprofile", "pHYs123456789"],
  ],
  ["a PNG with something behind its end", "image/png", Buffer.concat([png(), Buffer.from(secret)]), [40, 30], []],
  [
    "an APNG",
    "image/apng",
    png({
      before: [pngChunk("acTL", Buffer.alloc(8)), frameControl, pngChunk("tEXt", secret)],
      after: [frameControl, pngChunk("fdAT", "more frames")],
    }),
    [40, 30],
    ["acTL", "fdATmore frames"],
  ],
  ["a GIF with a comment", "image/gif", gif([gifExtension(0xfe, secret), gifFrame()]), [40, 30], []],
  ["a GIF with XMP", "image/gif", gif([gifExtension(0xff, "XMP DataXMP", secret), gifFrame()]), [40, 30], []],
  [
    "a GIF with a text block",
    "image/gif",
    gif([gifExtension(0xf9, "\x04\0\0\0"), gifExtension(0x01, "x".repeat(12), secret), gifFrame()]),
    [40, 30],
    [],
  ],
  [
    "a looping GIF",
    "image/gif",
    gif([
      gifExtension(0xff, "NETSCAPE2.0", "\x01\0\0", secret),
      gifExtension(0xf9, "\x04\x0a\0\0"),
      gifFrame(),
      gifFrame(),
    ]),
    [40, 30],
    ["NETSCAPE2.0\x03\x01\0\0", "\x21\xf9\x04\x04\x0a"],
  ],
  [
    "a GIF whose frame exceeds its canvas",
    "image/gif",
    gif([gifFrame(400, 300)], { width: 1, height: 1 }),
    [400, 300],
    [],
  ],
  [
    "a GIF with something behind its end",
    "image/gif",
    gif([gifFrame()], { end: Buffer.from(`;${secret}`) }),
    [40, 30],
    [],
  ],
  ["a lossy WebP", "image/webp", webp(lossy()), [40, 30], []],
  ["a lossless WebP", "image/webp", webp(lossless()), [40, 30], []],
  [
    "a WebP with Exif and XMP",
    "image/webp",
    webp(webpHeader(0x0c), lossy(), webpChunk("EXIF", tiff(1)), webpChunk("XMP ", secret)),
    [40, 30],
    [],
  ],
  [
    "a WebP with an orientation",
    "image/webp",
    webp(webpHeader(0x08), lossy(), webpChunk("EXIF", tiff(6))),
    [40, 30],
    ["EXIF"],
  ],
  [
    "a WebP with a profile and a private chunk",
    "image/webp",
    webp(webpHeader(0x20), webpChunk("ICCP", "profile"), lossless(), webpChunk("PRIV", secret)),
    [40, 30],
    ["ICCP"],
  ],
  [
    "an animated WebP with a private chunk in a frame",
    "image/webp",
    webp(
      webpHeader(0x02),
      webpChunk("ANIM", "123456"),
      webpChunk("ANMF", Buffer.concat([Buffer.alloc(16), lossy(), webpChunk("PRIV", secret)])),
    ),
    [40, 30],
    ["ANIM", "ANMF"],
  ],
  [
    "an AVIF with Exif and XMP",
    "image/avif",
    heif({
      items: [
        { type: "Exif", content: `\0\0\0\0${text(tiff(1))}` },
        { type: "mime", content: secret },
      ],
    }),
    [40, 30],
    ["Exif"],
  ],
  [
    "an AVIF with XMP inside its description",
    "image/avif",
    heif({ items: [{ type: "mime", content: secret, isInMeta: true }] }),
    [40, 30],
    [],
  ],
  ["an AVIF turned by 90°", "image/avif", heif({ properties: [ispe(40, 30), irot(1)] }), [30, 40], ["irot"]],
  ["an AVIF turned by 180°", "image/avif", heif({ properties: [ispe(40, 30), irot(2)] }), [40, 30], ["irot"]],
  ["an AVIF turned by 270°", "image/avif", heif({ properties: [ispe(40, 30), irot(3)] }), [30, 40], ["irot"]],
  [
    "an AVIF cut in its corner and turned",
    "image/avif",
    heif({ properties: [ispe(40, 30), clap(20, 10, -10, -10), irot(1)] }),
    [10, 20],
    ["clap"],
  ],
  [
    "an AVIF cut in its middle, which browsers ignore",
    "image/avif",
    heif({ properties: [ispe(40, 30), clap(20, 10)] }),
    [40, 30],
    ["clap"],
  ],
  [
    "an AVIF with boxes of a maker",
    "image/avif",
    heif({ after: [box("uuid", "0123456789abcdef", secret), box("mpvd", secret), box("free", secret)] }),
    [40, 30],
    [],
  ],
  ["an animated AVIF", "image/avif", heif({ brand: "avis", after: [movie(40, 30, secret)] }), [40, 30], ["moov"]],
  [
    "a HEIC with Exif",
    "image/heic",
    heif({ brand: "heic", items: [{ type: "Exif", content: `\0\0\0\0${text(tiff(6))}` }] }),
    [40, 30],
    [],
  ],
];

describe("an inspected picture", () => {
  test.each(pictures)("%s keeps its pixels and loses its metadata", (_name, type, bytes, [width, height], kept) => {
    const result = inspected(bytes, type)!;
    expect(result).toMatchObject({ contentType: type, width, height });
    expect(text(result.bytes)).toContain(pixels);
    expect(text(result.bytes)).not.toContain(secret);
    for (const part of kept) expect(text(result.bytes)).toContain(part);
    // What was cleaned is a picture of the same size, with nothing left to clean.
    expect(inspected(result.bytes, type)).toEqual(result);
  });

  test("keeps its orientation as the only thing that Exif says", () => {
    const { bytes } = inspected(jpeg({ before: [jfif, jpegExif(7)] }), "image/jpeg")!;
    const exif = bytes.indexOf("Exif\0\0", 0, "latin1");
    expect(orientationOf(bytes.subarray(exif + 6))).toBe(7);
    expect(bytes.readUInt16BE(exif - 2)).toBe(2 + 6 + 26);
  });

  test("has no times of an animated AVIF", () => {
    const { bytes } = inspected(heif({ after: [movie(40, 30, "")] }), "image/avif")!;
    expect(bytes.includes(Buffer.from([0xde, 0xad, 0xbe, 0xef]))).toBe(false);
  });

  test("of a WebP says no longer that it has metadata", () => {
    const { bytes } = inspected(webp(webpHeader(0x2c), lossy(), webpChunk("XMP ", secret)), "image/webp")!;
    expect(bytes[20]).toBe(0x20);
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  });
});

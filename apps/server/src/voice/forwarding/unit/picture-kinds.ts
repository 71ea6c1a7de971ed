export type PictureKind = "screen" | "camera";
export const pictureKinds = ["screen", "camera"] as const;

/** A picture is sent in one encoding or two: the small one is for small tiles, and for those who can receive little. */
export type PictureSize = "full" | "small";

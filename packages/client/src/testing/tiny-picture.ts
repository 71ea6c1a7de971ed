const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==", "base64");
/** Where its only frame begins. */
const frameAt = 19;

/** A GIF of one pixel. */
export const tinyPicture = new Blob([gif], { type: "image/gif" });

/** The same with two frames. */
export const movingPicture = new Blob([gif.subarray(0, -1), gif.subarray(frameAt)], { type: "image/gif" });

/** A GIF of one pixel. */
export const tinyPicture = new Blob([Buffer.from("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==", "base64")], {
  type: "image/gif",
});

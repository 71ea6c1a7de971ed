import { pictureUrl } from "@miscord/protocol";

/** Of a column with the id of a picture. */
export function addressOf(picture: string | null): string | null {
  return picture === null ? null : pictureUrl(picture);
}

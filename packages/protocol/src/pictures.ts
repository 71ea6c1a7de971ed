/** Ids of pictures: 24 characters that nobody can guess. */
export const pictureIdPattern = /^[\w-]{24}$/;

/** Where anybody who knows the id gets the picture; it never changes. */
export function pictureUrl(id: string): string {
  return `/api/pictures/${id}`;
}

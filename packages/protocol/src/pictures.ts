/** Where the picture with this id is read. */
export function pictureUrl(id: string): string {
  return `/api/pictures/${id}`;
}

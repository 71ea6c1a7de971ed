/**
 * The files that a paste brings, none when its text is meant. Cells of a spreadsheet and text of a word processor come
 * as text and as a picture of it: the text wins. A file copied in a file manager comes with its name as plain text, a
 * picture copied from a page with markup only: there the file is meant.
 */
export function pastedFiles(data: Pick<DataTransfer, "files" | "getData">): File[] {
  const isFormattedText = data.getData("text/html") !== "" && data.getData("text/plain").trim() !== "";
  return isFormattedText ? [] : [...data.files];
}

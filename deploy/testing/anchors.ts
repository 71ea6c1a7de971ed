/** The anchors of a page's headings, made as GitHub makes them. */
export function anchorsOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```.*?^```/gms, "");
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

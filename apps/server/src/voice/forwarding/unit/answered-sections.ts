/** Whether the participant's answer agrees to send in the section with this `mid`. */
export function sendsIn(sdp: string, mid: string): boolean {
  const sections = sdp.split(/^m=/m).slice(1);
  const lines = sections.map((section) => section.split(/\r?\n/)).find((all) => all.includes(`a=mid:${mid}`)) ?? [];
  return !/^\S+ 0 /.test(lines[0] ?? "") && (lines.includes("a=sendonly") || lines.includes("a=sendrecv"));
}

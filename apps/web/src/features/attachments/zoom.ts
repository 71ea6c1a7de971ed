/** How far a picture is enlarged beyond fitting the screen, and how many pixels it is moved from the middle. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const fitted: View = { scale: 1, x: 0, y: 0 };
export const maxScale = 8;

/** Enlarges around the middle of the screen: what is there stays there. Never smaller than fitting. */
export function zoomed(view: View, factor: number): View {
  const scale = Math.min(maxScale, Math.max(1, view.scale * factor));
  if (scale === 1) return fitted;
  const ratio = scale / view.scale;
  return { scale, x: view.x * ratio, y: view.y * ratio };
}

/** A picture that fits has nowhere to go. */
export function moved(view: View, dx: number, dy: number): View {
  return view.scale === 1 ? view : { ...view, x: view.x + dx, y: view.y + dy };
}

// The thread scrolls so that the current step is never cut off.
export function startThreads(): void {
  centreThreads(document);
}

/** Bring the current step of every thread below `root` into the middle. */
export function centreThreads(root: ParentNode): void {
  for (const track of root.querySelectorAll<HTMLElement>("[data-thread]")) {
    const current = track.querySelector<HTMLElement>(".is-current");
    if (!current || track.scrollWidth <= track.clientWidth) continue;
    const box = current.getBoundingClientRect();
    const frame = track.getBoundingClientRect();
    const left = track.scrollLeft + box.left - frame.left - (frame.width - box.width) / 2;
    track.scrollTo({ left, behavior: "instant" });
  }
}

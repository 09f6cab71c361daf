// The sheet by mouse and finger: choose, edit, fold, drag to another place.
import type { QuoteGrid } from "../quotegrid";
import type { Group } from "./types";

const EDGE = 28;

export class Hands {
  private isSelecting = false;
  private dragged = false;
  private last = 0; // where the pointer is, while something is held
  private rolling = 0;

  constructor(private readonly grid: QuoteGrid) {
    const { frame } = grid.view;
    frame.addEventListener("pointerdown", (event) => this.down(event));
    frame.addEventListener("pointermove", (event) => this.move(event));
    frame.addEventListener("pointerup", (event) => this.up(event));
    frame.addEventListener("pointercancel", () => this.stop());
    frame.addEventListener("click", (event) => this.click(event));
    frame.addEventListener("dblclick", () => frame.dispatchEvent(new CustomEvent("quotegrid:edit")));
  }

  private spot(target: EventTarget | null): { row: number; column: number } | null {
    const cell = (target as Element | null)?.closest<HTMLElement>("[data-column]");
    const row = cell?.closest<HTMLElement>("[data-index]");
    return cell && row ? { row: Number(row.dataset.index), column: Number(cell.dataset.column) } : null;
  }

  private down(event: PointerEvent): void {
    const spot = this.spot(event.target);
    const { view } = this.grid;
    if (!spot || event.button !== 0) return;
    if ((event.target as Element).closest(".qg-handle")) {
      const { top, bottom } = view.range();
      if (spot.row < top || spot.row > bottom) view.go(spot.row, 0);
      this.dragged = true;
      view.frame.setPointerCapture(event.pointerId);
      event.preventDefault();
      return;
    }
    if (event.pointerType === "touch") return;
    view.go(spot.row, spot.column, event.shiftKey);
    this.isSelecting = true;
  }

  private move(event: PointerEvent): void {
    const { view } = this.grid;
    this.last = event.clientY;
    if (this.dragged) {
      view.markAt(view.rowAt(event.clientY));
      this.roll();
      return;
    }
    if (!this.isSelecting || !(event.buttons & 1)) return;
    this.roll();
    const spot = this.spot(document.elementFromPoint(event.clientX, event.clientY));
    if (spot && (spot.row !== view.at.row || spot.column !== view.at.column)) view.go(spot.row, spot.column, true);
  }

  // Held near an edge, the sheet goes on: a line can be dragged farther than is on screen.
  private roll(): void {
    const { view } = this.grid;
    const { top, bottom } = view.scroll.getBoundingClientRect();
    const step = this.last > bottom - EDGE ? this.last - bottom + EDGE : this.last < top + 2 * EDGE ? this.last - top - 2 * EDGE : 0;
    if (this.rolling || !step || !(this.dragged || this.isSelecting)) return;
    this.rolling = requestAnimationFrame(() => {
      this.rolling = 0;
      view.scroll.scrollTop += Math.max(-24, Math.min(24, step));
      if (this.dragged) view.markAt(view.rowAt(this.last));
      this.roll();
    });
  }

  private up(event: PointerEvent): void {
    const { view, model } = this.grid;
    const held = view.item;
    if (this.dragged && held?.type === "group") this.dropGroup(held.group, view.rowAt(event.clientY));
    else if (this.dragged) this.drop(view.rowAt(event.clientY), model.items);
    this.stop();
  }

  // Before the group that follows, at its level; behind the last one at the end.
  private dropGroup(group: Group, row: number): void {
    const { items, groups } = this.grid.model;
    const isInside = (key: string): boolean => key === group.key || Boolean(key && isInside(groups.find((one) => one.key === key)?.parent ?? ""));
    const below = items.slice(row).flatMap((item) => (item.type === "group" ? [item.group] : []));
    const next = below.find((one) => !isInside(one.key));
    if (below[0]?.key === group.key) return;
    this.grid.putGroup(group, next?.parent ?? "", next?.key ?? "");
  }

  private drop(row: number, items: typeof this.grid.model.items): void {
    const lines = this.grid.selected();
    const keys = new Set(lines.map((line) => line.key));
    const target = items[row];
    if (!lines.length || (target?.type === "line" && keys.has(target.line.key))) return;
    if (target?.type === "line" && !keys.has(target.line.key)) this.grid.put(lines, target.line.group_key, target.line.key);
    else if (target?.type !== "line") {
      const above = items[row - 1];
      const group = above?.type === "group" ? above.group.key : above?.line.group_key ?? "";
      const first = above?.type === "group" ? this.grid.model.lines.find((line) => line.group_key === group && !keys.has(line.key)) : undefined;
      this.grid.put(lines, group, first?.key ?? "");
    }
    this.grid.select(lines);
  }

  private stop(): void {
    this.isSelecting = this.dragged = false;
    this.grid.view.markAt(null);
  }

  private click(event: MouseEvent): void {
    const target = event.target as Element;
    const fold = target.closest<HTMLElement>("[data-fold]");
    const why = target.closest<HTMLElement>("[data-why]");
    if (fold) this.grid.fold(fold.dataset.fold ?? "");
    else if (why) this.grid.explain(why.dataset.why ?? "");
    else if (this.grid.view.isNarrow && this.grid.mayEdit) this.tap(this.spot(target));
  }

  private tap(spot: { row: number; column: number } | null): void {
    const item = spot && this.grid.model.items[spot.row];
    if (!spot || !item) return;
    this.grid.view.go(spot.row, spot.column);
    if (item.type === "group") this.grid.fold(item.group.key);
    else {
      const { line } = item;
      this.grid.dialogs.line(line, { up: () => this.grid.move([line], -1), down: () => this.grid.move([line], 1), remove: () => this.grid.takeOut([line]) });
    }
  }
}

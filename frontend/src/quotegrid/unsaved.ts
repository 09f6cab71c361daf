// Edits the server has not taken yet, kept in this tab: whoever signs in again, or reloads the
// page, finds them there. Gone with the tab, and only for the person who made them.
import type { Batch } from "./link";

export class Unsaved {
  private readonly name: string;

  constructor(source: string, person: number) {
    this.name = `handsel-unsaved ${person} ${source}`;
  }

  keep(batches: Batch[]): void {
    try {
      if (batches.length) sessionStorage.setItem(this.name, JSON.stringify(batches));
      else sessionStorage.removeItem(this.name);
    } catch {
      // a browser that keeps nothing, or not so much: they are still on screen
    }
  }

  read(): Batch[] {
    try {
      return JSON.parse(sessionStorage.getItem(this.name) ?? "[]") as Batch[];
    } catch {
      return [];
    }
  }
}

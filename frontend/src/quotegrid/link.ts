// Sends edits in batches: one on its way at a time, what is done meanwhile waits and goes together.
import { freshKey } from "../key";
import type { Answer, Edit, Followed, Pasted, Seen, Whole } from "./types";

export class Refused extends Error {
  constructor(readonly code: string, detail: string) {
    super(detail);
  }
}

/** Edits that go together; with a key once they were on their way. */
export interface Batch {
  edits: Edit[];
  key?: string;
}

const AGAIN_MS = 3000;

export class Link {
  private waiting: Batch[] = [];
  private onItsWay: Batch | null = null;
  private isSending = false;
  lock = 0;
  version = 0;
  person = 0;

  constructor(
    private readonly source: string,
    private readonly token: string,
    private readonly onState: (state: "saving" | "saved" | "lost") => void,
    private readonly onAnswer: (answer: Answer, edits: Edit[]) => void,
    private readonly onRefused: (refused: Refused, batch: Batch) => void,
    private readonly named: (edit: Edit) => Edit,
  ) {}

  get isBusy(): boolean {
    return this.isSending || this.waiting.length > 0;
  }

  /** Edits that wait for their turn. */
  unsent(): Edit[] {
    return this.waiting.flatMap((one) => one.edits);
  }

  whole(): Promise<Whole> {
    return this.read(fetch(`${this.source}rows/`, { headers: { Accept: "application/json" } }));
  }

  products(text: string): Promise<{ products: { id: number; sku: string; name: string }[] }> {
    return this.read(fetch(`${this.source}products/?${new URLSearchParams({ q: text })}`));
  }

  preview(edits: Edit[]): Promise<Seen> {
    return this.post("preview/", { edits });
  }

  pasted(text: string, columns: string[]): Promise<Pasted> {
    return this.post("paste/", { text, columns });
  }

  /** Say at which line somebody is; hear who else is here and what is new. */
  since(line: string, isNew: boolean): Promise<Followed> {
    return this.post("since/", { lock: this.lock, version: this.version, line, is_new: isNew });
  }

  leave(): void {
    this.ask("since/", { is_leaving: true }, true).catch(() => undefined);
  }

  /** What the server has not answered yet. */
  unanswered(): Batch[] {
    return [...(this.onItsWay ? [this.onItsWay] : []), ...this.waiting];
  }

  send(edits: Edit[]): void {
    this.waiting.push({ edits });
    void this.flush();
  }

  /** Send batches that were refused, or whose answer nobody heard: each as it was, so that none
   * is applied twice. */
  again(batches: Batch[]): void {
    this.waiting.unshift(...batches);
    void this.flush();
  }

  private async flush(): Promise<void> {
    if (this.isSending || !this.waiting.length) return;
    this.isSending = true;
    await Promise.resolve(); // what one keystroke does goes in one batch
    const batch = this.next();
    const { edits } = batch;
    this.onState("saving");
    let isKept = true;
    try {
      if (!edits.length) return this.finish();
      const answer = await this.until(batch);
      this.onItsWay = null;
      this.lock = answer.lock;
      this.onAnswer(answer, edits);
    } catch (error) {
      isKept = false;
      this.onItsWay = null;
      this.onRefused(error instanceof Refused ? error : new Refused("unexpected", String(error)), batch);
    }
    this.finish(isKept);
  }

  // What waited may be about lines that had no name yet when it was done.
  private next(): Batch {
    const [first] = this.waiting;
    if (first?.key) this.waiting.shift();
    const end = this.waiting.findIndex((one) => one.key);
    const taken = first?.key ? [first] : this.waiting.splice(0, end < 0 ? this.waiting.length : end);
    const named = taken.flatMap((one) => one.edits.map((edit) => this.named(edit)));
    const edits = first?.key ? first.edits : named.filter((edit) => edit.kind !== "remove" || edit.line_key);
    this.onItsWay = { edits, key: first?.key ?? freshKey() };
    return this.onItsWay;
  }

  private finish(isKept = true): void {
    this.isSending = false;
    this.onItsWay = null;
    if (this.waiting.length) void this.flush();
    else if (isKept) this.onState("saved");
  }

  // The same key each time: a batch whose answer was lost is not applied twice.
  private async until({ key, edits }: Batch): Promise<Answer> {
    for (;;) {
      try {
        return await this.post<Answer>("edits/", { key, lock: this.lock, version: this.version, person: this.person, edits });
      } catch (error) {
        if (error instanceof Refused) throw error;
        this.onState("lost");
        await new Promise((resume) => {
          window.setTimeout(resume, AGAIN_MS);
          window.addEventListener("online", resume, { once: true });
        });
      }
    }
  }

  private post<T>(name: string, body: unknown): Promise<T> {
    return this.read(this.ask(name, body));
  }

  private ask(name: string, body: unknown, keepalive = false): Promise<Response> {
    return fetch(this.source + name, {
      method: "POST",
      keepalive,
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.freshToken() },
      body: JSON.stringify(body),
    });
  }

  // Whoever signed in anew in another tab has another one than the page was made with.
  private freshToken(): string {
    return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? this.token;
  }

  private async read<T>(asked: Promise<Response>): Promise<T> {
    const answer = await asked;
    const isJson = answer.headers.get("Content-Type")?.includes("json") ?? false;
    if (!answer.ok) {
      const problem = isJson ? ((await answer.json()) as { code: string; detail: string }) : { code: "unexpected", detail: `${answer.status} ${answer.statusText}`.trim() };
      throw new Refused(problem.code, problem.detail);
    }
    // A page instead of an answer: the way to sign in.
    if (!isJson) throw new Refused("signed_out", "");
    return (await answer.json()) as T;
  }
}

// Talks to the server about one configuration. One command at a time: a second waits its turn, so
// that every command is decided on what the one before it answered.
import type { Alternative, Delta, Problem, State, Variants, Why } from "./types";

export class Refused extends Error {
  constructor(readonly problem: Problem, readonly status: number) {
    super(problem.detail);
  }
}

export class Link {
  private turn: Promise<unknown> = Promise.resolve();
  lock = 0;
  units = "model";

  constructor(private readonly source: string, private readonly token: string) {}

  state(): Promise<State> {
    return this.ask<State>("state/");
  }

  // The fewest reasons take longer to find; without it, none is too many.
  why(variable: string, value: string, fewest: boolean): Promise<Why> {
    return this.ask<Why>("why/", { variable, value, fewest: fewest ? "1" : "" });
  }

  next(skipped: Iterable<string>): Promise<{ next: string | null }> {
    return this.ask("next/", { skip: [...skipped].join("\n") });
  }

  variants(): Promise<Variants> {
    return this.ask<Variants>("variants/");
  }

  alternatives(): Promise<{ alternatives: Alternative[]; note: string }> {
    return this.ask("alternatives/");
  }

  command<T = Delta>(name: string, body: Record<string, unknown> = {}): Promise<T> {
    const run = this.turn.then(() => this.post<T>(name, body));
    this.turn = run.catch(() => undefined);
    return run;
  }

  private async post<T>(name: string, body: Record<string, unknown>): Promise<T> {
    const answer = await fetch(this.address(name), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ ...body, lock: this.lock }),
    });
    return this.read<T>(answer);
  }

  private async ask<T>(name: string, asked: Record<string, string> = {}): Promise<T> {
    return this.read<T>(await fetch(this.address(name, asked), { headers: { Accept: "application/json" } }));
  }

  private address(name: string, asked: Record<string, string> = {}): string {
    return `${this.source}${name}?${new URLSearchParams({ ...asked, units: this.units })}`;
  }

  private async read<T>(answer: Response): Promise<T> {
    const isJson = answer.headers.get("Content-Type")?.includes("json") ?? false;
    if (!answer.ok) {
      const problem = isJson ? ((await answer.json()) as Problem) : { code: "unexpected", detail: answer.statusText };
      throw new Refused(problem, answer.status);
    }
    const body = (await answer.json()) as T & { lock?: number };
    if (typeof body.lock === "number") this.lock = body.lock;
    return body;
  }
}

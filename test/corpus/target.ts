import pg from 'pg';
import { type Answer, Conversation, type Question } from './conversation.js';
import { SIMPLE_SUBJECTS, SUBJECTS } from './subjects.js';

/** Longer than any statement of the corpus waits. */
const TIMEOUT_MS = 20_000;

/** A server with the clients' schema in an otherwise empty database. */
export class Target {
  readonly #config: pg.ClientConfig;
  #client: pg.Client;
  /** Oids of the subjects, in their order. */
  #oids: readonly string[] = [];
  status = 'I';

  private constructor(config: pg.ClientConfig) {
    this.#config = config;
    this.#client = Target.#clientFor(config);
  }

  static #clientFor(config: pg.ClientConfig): pg.Client {
    const client = new pg.Client(config);
    // A statement may end its own connection: what it said before is its answer.
    client.on('error', () => undefined);
    return client;
  }

  static async open(config: pg.ClientConfig): Promise<Target> {
    const target = new Target(config);
    await target.#client.connect();
    return target;
  }

  /** @returns which statements succeeded, and which failed and why */
  async make(
    statements: readonly string[],
    isSimple: boolean,
  ): Promise<{ readonly done: readonly string[]; readonly failed: readonly string[] }> {
    const done: string[] = [];
    const failed: string[] = [];
    for (const text of statements) {
      const { results } = await this.ask({ text });
      const error = results.find((result) => result.kind === 'failed');
      if (error?.kind === 'failed') failed.push(`${text.slice(0, 100).replaceAll(/\s+/g, ' ')} → ${error.message}`);
      else done.push(text);
    }
    const subjects = isSimple ? SIMPLE_SUBJECTS : SUBJECTS;
    const { rows } = await this.#client.query<{ oids: string[] }>(
      `SELECT ARRAY[${subjects.map(({ oid }) => `coalesce(${oid}, 0)`).join()}]::text[] AS oids`,
    );
    this.#oids = rows[0]?.oids ?? [];
    return { done, failed };
  }

  oidOf(subject: number): string {
    return this.#oids[subject % this.#oids.length] ?? '0';
  }

  async describe(text: string): Promise<Answer> {
    return this.#talk(new Conversation({ text }, true));
  }

  async ask(question: Question): Promise<Answer> {
    return this.#talk(new Conversation(question));
  }

  async #talk(conversation: Conversation): Promise<Answer> {
    if (this.status === 'x') {
      this.#client = Target.#clientFor(this.#config);
      await this.#client.connect();
      this.status = 'I';
    }
    this.#client.query(conversation);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Answer>((resolve) => {
      timer = setTimeout(() => {
        resolve({
          results: [{ kind: 'failed', code: '', message: 'no answer', detail: '', hint: '' }],
          notices: [],
          parameterTypes: [],
          status: 'x',
        });
      }, TIMEOUT_MS);
    });
    const answer = await Promise.race([conversation.answer, late]);
    clearTimeout(timer);
    this.status = answer.status;
    return answer;
  }

  async close(): Promise<void> {
    await Promise.race([this.#client.end(), new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
  }
}

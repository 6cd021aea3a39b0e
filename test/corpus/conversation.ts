import type { DatabaseError, Connection as PgConnection } from 'pg';
import pg from 'pg';

export interface Column {
  readonly name: string;
  readonly type: number;
  readonly modifier: number;
  readonly number: number;
}

/** What came for one statement of a text. */
export type Result =
  | { readonly kind: 'rows'; readonly columns: readonly Column[]; readonly rows: (readonly (string | null)[])[]; tag: string }
  | { readonly kind: 'done'; readonly tag: string }
  | { readonly kind: 'copied'; readonly data: string; tag: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly detail: string; readonly hint: string };

export interface Answer {
  readonly results: readonly Result[];
  readonly notices: readonly string[];
  readonly parameterTypes: readonly number[];
  /** As ReadyForQuery tells: I, T or E; x when the server has closed the connection. */
  readonly status: string;
}

export interface Question {
  readonly text: string;
  /** Absent: as one simple query; else Parse, Bind, Describe, Execute. */
  readonly values?: readonly (string | null)[];
  /** For COPY … FROM STDIN. */
  readonly copyData?: Buffer;
}

interface FieldMessage {
  readonly name: string;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
  readonly columnID: number;
}

/** One statement's talk with a server, down to command tags and column types; node-postgres carries it. */
export class Conversation implements pg.Submittable {
  readonly answer: Promise<Answer>;
  readonly #question: Question;
  readonly #onlyDescribe: boolean;
  readonly #results: Result[] = [];
  readonly #notices: string[] = [];
  #parameterTypes: readonly number[] = [];
  #columns: readonly Column[] | undefined;
  #rows: (readonly (string | null)[])[] = [];
  #copied: Buffer[] | undefined;
  #end: (answer: Answer) => void = () => undefined;

  constructor(question: Question, onlyDescribe = false) {
    this.#question = question;
    this.#onlyDescribe = onlyDescribe;
    this.answer = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  submit(connection: PgConnection): void {
    const { text, values } = this.#question;
    const onTypes = (message: { readonly dataTypeIDs: readonly number[] }) => {
      this.#parameterTypes = message.dataTypeIDs;
    };
    const onNotice = (message: DatabaseError) => this.#notices.push(`${message.severity} ${message.code} ${message.message}`);
    const finish = (status: string) => {
      connection.off('parameterDescription', onTypes);
      connection.off('notice', onNotice);
      connection.off('readyForQuery', onReady);
      connection.off('end', onEnd);
      this.#end({ results: this.#results, notices: this.#notices, parameterTypes: this.#parameterTypes, status });
    };
    const onReady = (message: { readonly status: string }) => finish(message.status);
    const onEnd = () => finish('x');
    connection.on('parameterDescription', onTypes);
    connection.on('notice', onNotice);
    connection.on('readyForQuery', onReady);
    connection.on('end', onEnd);
    if (values === undefined && !this.#onlyDescribe) {
      connection.query(text);
      return;
    }
    connection.parse({ text, name: '', types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    if (values !== undefined) {
      connection.bind({ portal: '', statement: '', values: [...values], valueMapper: (value: unknown) => value }, true);
      connection.execute({ portal: '', rows: '0' }, true);
    }
    connection.sync();
  }

  handleRowDescription(message: { readonly fields: readonly FieldMessage[] }): void {
    this.#rows = [];
    this.#columns = message.fields.map((field) => ({
      name: field.name,
      type: field.dataTypeID,
      modifier: field.dataTypeModifier,
      number: field.columnID,
    }));
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(message.fields);
  }

  handleCommandComplete(message: { readonly text: string }): void {
    const tag = message.text;
    if (this.#columns !== undefined) this.#results.push({ kind: 'rows', columns: this.#columns, rows: this.#rows, tag });
    else if (this.#copied !== undefined) this.#results.push({ kind: 'copied', data: Buffer.concat(this.#copied).toString('latin1'), tag });
    else this.#results.push({ kind: 'done', tag });
    this.#columns = undefined;
    this.#copied = undefined;
  }

  handleEmptyQuery(): void {
    this.#results.push({ kind: 'done', tag: '' });
  }

  handleCopyInResponse(connection: PgConnection & { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void {
    if (this.#question.copyData !== undefined) connection.sendCopyFromChunk(this.#question.copyData);
    connection.endCopyFrom();
  }

  handleCopyData(message: { readonly chunk: Buffer }): void {
    this.#copied ??= [];
    this.#copied.push(Buffer.from(message.chunk));
  }

  handleError(error: Error): void {
    const { code = '', message, detail = '', hint = '' } = error instanceof pg.DatabaseError ? error : { message: error.message };
    this.#results.push({ kind: 'failed', code, message, detail, hint });
  }

  handlePortalSuspended(): void {}
  handleReadyForQuery(): void {}
}

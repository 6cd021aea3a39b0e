import type { Seq } from '../../commons/ids.js';
import type { Row } from '../../types/value.js';
import { changePayload, markedLast, objectText, rowText, valueTexts } from '../payload.js';
import type { RowId } from './live-node.js';
import type { LiveProgramParts } from './live-program.js';

interface Told {
  readonly id: RowId;
  readonly old: Row | undefined;
  now: Row | undefined;
}

/** Gathers what a query's last node tells during one commit: of each row what it was at first, and is in the end. */
export class ToldChanges {
  readonly #program: LiveProgramParts;
  /** Nearly always one row has changed. */
  #first: Told | undefined;
  #others: Map<RowId, Told> | undefined;
  #isExpecting = false;

  constructor(program: LiveProgramParts) {
    this.#program = program;
  }

  tell(id: RowId, old: Row | undefined, now: Row | undefined): void {
    const known = this.#of(id);
    if (known === undefined) this.#add({ id, old, now });
    else known.now = now;
  }

  /** Should nothing be told of a row, then it is told that it is not there. */
  expect(id: RowId): void {
    this.#isExpecting = true;
    if (this.#of(id) === undefined) this.#add({ id, old: undefined, now: undefined });
  }

  #of(id: RowId): Told | undefined {
    return this.#first?.id === id ? this.#first : this.#others?.get(id);
  }

  #add(told: Told): void {
    if (this.#first === undefined) this.#first = told;
    else {
      this.#others ??= new Map();
      this.#others.set(told.id, told);
    }
  }

  /** One for each row that has changed, the last one marked. */
  payloads(seq: Seq): readonly string[] {
    if (this.#first === undefined) return [];
    const payloads: string[] = [];
    const write = ({ id, old, now }: Told): void => {
      const payload = this.#payload(seq, id, old, now);
      if (payload !== undefined) payloads.push(payload);
    };
    write(this.#first);
    for (const told of this.#others?.values() ?? []) write(told);
    const last = payloads.pop();
    if (last !== undefined) payloads.push(markedLast(last));
    return payloads;
  }

  #payload(seq: Seq, id: RowId, old: Row | undefined, now: Row | undefined): string | undefined {
    const { columns, keys, order, format } = this.#program;
    if (now === undefined) {
      if (old === undefined)
        return this.#isExpecting ? changePayload('delete', seq, keys.json(id, [], format), undefined, undefined) : undefined;
      return changePayload('delete', seq, keys.json(id, old, format), undefined, rowText(columns, old, format));
    }
    if (old === undefined)
      return changePayload('insert', seq, keys.json(id, now, format), rowText(columns, now, format), undefined, order?.text(now));
    const before = valueTexts(columns, old, format);
    const after = valueTexts(columns, now, format);
    const changed = before.map((text, i) => text !== after[i]);
    const place = order?.text(now);
    if (!changed.includes(true) && order?.text(old) === place) return undefined;
    const oldText = objectText(columns, before, (i) => changed[i] === true);
    return changePayload('update', seq, keys.json(id, now, format), objectText(columns, after), oldText, place);
  }
}

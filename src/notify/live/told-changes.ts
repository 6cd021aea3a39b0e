import type { Seq } from '../../commons/ids.js';
import type { Row } from '../../types/value.js';
import { changePayload, markedLast, objectText, valueTexts } from '../payload.js';
import type { RowId } from './live-node.js';
import type { LiveProgramParts } from './live-program.js';

interface Told {
  readonly old: Row | undefined;
  now: Row | undefined;
}

/** Gathers what a query's last node tells during one commit: of each row what it was at first, and is in the end. */
export class ToldChanges {
  readonly #program: LiveProgramParts;
  readonly #changes = new Map<RowId, Told>();
  #isExpecting = false;

  constructor(program: LiveProgramParts) {
    this.#program = program;
  }

  tell(id: RowId, old: Row | undefined, now: Row | undefined): void {
    const known = this.#changes.get(id);
    if (known === undefined) this.#changes.set(id, { old, now });
    else known.now = now;
  }

  /** Should nothing be told of a row, then it is told that it is not there. */
  expect(id: RowId): void {
    this.#isExpecting = true;
    if (!this.#changes.has(id)) this.#changes.set(id, { old: undefined, now: undefined });
  }

  /** One for each row that has changed, the last one marked. */
  payloads(seq: Seq): readonly string[] {
    const payloads: string[] = [];
    for (const [id, { old, now }] of this.#changes) {
      const payload = this.#payload(seq, id, old, now);
      if (payload !== undefined) payloads.push(payload);
    }
    const last = payloads.pop();
    if (last !== undefined) payloads.push(markedLast(last));
    return payloads;
  }

  #payload(seq: Seq, id: RowId, old: Row | undefined, now: Row | undefined): string | undefined {
    const { columns, keys, order, format } = this.#program;
    const row = now ?? old;
    if (row === undefined)
      return this.#isExpecting ? changePayload('delete', seq, keys.json(id, [], format), undefined, undefined) : undefined;
    const before = old === undefined ? undefined : valueTexts(columns, old, format);
    const after = now === undefined ? undefined : valueTexts(columns, now, format);
    const key = (): string => keys.json(id, row, format);
    const place = (of: Row | undefined): string | undefined => (of === undefined ? undefined : order?.text(of));
    if (after === undefined) return before && changePayload('delete', seq, key(), undefined, objectText(columns, before));
    if (before === undefined) return changePayload('insert', seq, key(), objectText(columns, after), undefined, place(now));
    const changed = before.map((text, i) => text !== after[i]);
    if (!changed.includes(true) && place(old) === place(now)) return undefined;
    const oldText = objectText(columns, before, (i) => changed[i] === true);
    return changePayload('update', seq, key(), objectText(columns, after), oldText, place(now));
  }
}

import type { DefinitionTexts } from '../../catalog/definitions/index.js';
import { createVirtualRelations, type VirtualContext } from '../../catalog/virtual/index.js';
import { rowsToShow } from '../../catalog/virtual/rows-to-show.js';
import type { DatabaseCounters } from '../../commons/activity-counters.js';
import type { Oid, UserId } from '../../commons/ids.js';
import { SettingName } from '../../commons/setting-names.js';
import type { ExecutionContext } from '../../executor/context.js';
import type { VirtualRelations } from '../../executor/operators/virtual-scan.js';
import type { SequenceStore } from '../../transaction/sequences.js';
import type { Row, SqlValue } from '../../types/value.js';
import { sequenceDefinition } from '../sequence-definition.js';

/** Where a server's slots lie. */
export interface SlotPlaces {
  slotOf(user: UserId): number;
  shardOfSlot(slot: number): number;
}

const UNKNOWN_ROWS = -1;

/** The catalog's virtual relations for the executor: each scan sees its statement's catalog and session. */
export function virtualRelationsOfServer(slots: SlotPlaces, sequences: SequenceStore): VirtualRelations {
  const relations = createVirtualRelations();
  return {
    rows: (table, cx, equal) => relations.rows(table, new ContextOfScan(cx, slots, sequences), equal),
  };
}

class ContextOfScan implements VirtualContext {
  readonly #cx: ExecutionContext;
  readonly #slots: SlotPlaces;
  readonly #sequences: SequenceStore;

  constructor(cx: ExecutionContext, slots: SlotPlaces, sequences: SequenceStore) {
    this.#cx = cx;
    this.#slots = slots;
    this.#sequences = sequences;
  }

  get catalog() {
    return this.#cx.catalog;
  }
  get currentRole(): Oid {
    return this.#cx.session.currentRole;
  }
  get allUsers(): boolean {
    return this.#cx.session.allUsers === true;
  }
  get namesSharedType(): boolean {
    return this.#cx.session.getSetting(SettingName.kalamdbDefaultTableType, true) !== 'shared';
  }
  get databaseName(): string {
    return this.#cx.session.database.name;
  }
  get nowMicros(): number {
    return this.#cx.transaction.startMicros;
  }

  get boundUser(): string | undefined {
    return this.#cx.session.boundUser;
  }
  get counters(): DatabaseCounters {
    return this.#cx.session.counters;
  }

  sessionRows(provider: string): Iterable<Row> | undefined {
    return this.#cx.session.virtualRows(provider);
  }

  slotOfUser(user: UserId): number {
    return this.#slots.slotOf(user);
  }

  slotShard(slot: number): number {
    return this.#slots.shardOfSlot(slot);
  }

  estimatedRows(table: Oid): number {
    return rowsToShow(this.#cx.catalog, this.currentRole, table) ?? UNKNOWN_ROWS;
  }

  get texts(): DefinitionTexts {
    return this.#cx.session.texts;
  }

  sequenceState(oid: Oid): { readonly lastValue: SqlValue; readonly isCalled: boolean } | undefined {
    const sequence = this.#cx.catalog.relationByOid(oid);
    return sequence?.kind === 'sequence' ? this.#sequences.state(sequence.storage, sequenceDefinition(sequence)) : undefined;
  }

  sequenceLastValue(oid: Oid): SqlValue {
    const state = this.sequenceState(oid);
    return state?.isCalled === true ? state.lastValue : null;
  }
}

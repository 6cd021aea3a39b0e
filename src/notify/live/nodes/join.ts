import { compileJoinKey, type JoinKeyOf } from '../../../executor/operators/join-key.js';
import { compileJoinRows, type JoinRows } from '../../../executor/operators/join-rows.js';
import type { PlanHashJoin, PlanMergeJoin, PlanNestedLoop } from '../../../planner/optimize/physical.js';
import type { HashKey } from '../../../types/type-codec.js';
import type { Row } from '../../../types/value.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode, Push, RowId } from '../live-node.js';
import { pairId } from '../row-identity.js';
import type { Running } from '../running.js';

type PlanJoin = PlanHashJoin | PlanMergeJoin | PlanNestedLoop;
type Side = 'outer' | 'inner';

interface JoinShape {
  readonly type: PlanJoin['type'];
  readonly keyOf: Readonly<Record<Side, JoinKeyOf>>;
  readonly rows: JoinRows;
  readonly isNullAware: boolean;
}

/** A row of a side, and how many of the other it meets: counted where it matters. */
interface Entry {
  readonly id: RowId;
  readonly row: Row;
  matches: number;
}

/** A join of two sides, each kept by the join's key: a changed row meets those of the other side that have its key, and no others. */
export function joinNode(plan: PlanJoin, outer: LiveNode, inner: LiveNode, place: Place, compiler: LiveCompiler): LiveNode {
  const outerLayout = compiler.layout(outer.output, place);
  const innerLayout = compiler.layout(inner.output, place);
  const keyed = plan.kind !== 'nested loop';
  const shape: JoinShape = {
    type: plan.type,
    keyOf: {
      outer: keyed ? compileJoinKey(plan.outerKeys, outerLayout) : () => '',
      inner: keyed ? compileJoinKey(plan.innerKeys, innerLayout) : () => '',
    },
    rows: compileJoinRows(
      { outer: outer.output, inner: inner.output, output: plan.output, condition: plan.condition },
      place.scope,
      compiler,
    ),
    isNullAware: plan.kind === 'hash join' && plan.nullAware === true,
  };
  const isFilter = plan.type === 'semi' || plan.type === 'anti';
  return {
    output: plan.output,
    identity: isFilter ? outer.identity : { kind: 'pair', left: outer.identity, right: inner.identity, isFull: plan.type === 'full' },
    isStateful: true,
    start(run, push) {
      const join = isFilter ? new FilterJoin(shape, run, push) : new PairJoin(shape, run, push);
      outer.start(run, (id, old, now) => join.change('outer', id, old, now));
      inner.start(run, (id, old, now) => join.change('inner', id, old, now));
    },
  };
}

const NOBODY: ReadonlyMap<RowId, Entry> = new Map();

/** One side's rows by key. Those whose key is NULL meet nobody. */
class SideRows {
  readonly #byKey = new Map<HashKey, Map<RowId, Entry>>();
  readonly keyless = new Map<RowId, Entry>();
  readonly #run: Running;
  size = 0;

  constructor(run: Running) {
    this.#run = run;
  }

  withKey(key: HashKey | undefined): ReadonlyMap<RowId, Entry> {
    return key === undefined ? NOBODY : (this.#byKey.get(key) ?? NOBODY);
  }

  *keyed(): Iterable<Entry> {
    for (const bucket of this.#byKey.values()) yield* bucket.values();
  }

  add(key: HashKey | undefined, entry: Entry): void {
    let bucket = key === undefined ? this.keyless : this.#byKey.get(key);
    if (bucket === undefined) {
      bucket = new Map();
      this.#byKey.set(key ?? '', bucket);
    }
    bucket.set(entry.id, entry);
    this.size++;
    this.#run.keep(entry.row);
  }

  take(key: HashKey | undefined, id: RowId): Entry | undefined {
    const bucket = key === undefined ? this.keyless : this.#byKey.get(key);
    const entry = bucket?.get(id);
    if (bucket === undefined || entry === undefined) return undefined;
    bucket.delete(id);
    if (bucket.size === 0 && key !== undefined) this.#byKey.delete(key);
    this.size--;
    this.#run.drop(entry.row);
    return entry;
  }
}

abstract class Join {
  protected readonly shape: JoinShape;
  protected readonly push: Push;
  protected readonly sides: Readonly<Record<Side, SideRows>>;
  readonly #run: Running;

  constructor(shape: JoinShape, run: Running, push: Push) {
    this.shape = shape;
    this.push = push;
    this.sides = { outer: new SideRows(run), inner: new SideRows(run) };
    this.#run = run;
  }

  change(side: Side, id: RowId, old: Row | undefined, now: Row | undefined): void {
    if (old !== undefined) this.#remove(side, id, this.#keyOf(side, old));
    if (now !== undefined) this.#add(side, { id, row: now, matches: 0 }, this.#keyOf(side, now));
  }

  #keyOf(side: Side, row: Row): HashKey | undefined {
    return this.shape.keyOf[side](row, this.#run.frame);
  }

  #remove(side: Side, id: RowId, key: HashKey | undefined): void {
    const entry = this.sides[side].take(key, id);
    if (entry === undefined) return;
    this.removed(side, entry, key);
  }

  #add(side: Side, entry: Entry, key: HashKey | undefined): void {
    this.sides[side].add(key, entry);
    this.added(side, entry, key);
  }

  protected abstract added(side: Side, entry: Entry, key: HashKey | undefined): void;
  protected abstract removed(side: Side, entry: Entry, key: HashKey | undefined): void;

  /** Those of the other side that meet it. */
  protected *partners(side: Side, entry: Entry, key: HashKey | undefined): Iterable<Entry> {
    const { matches } = this.shape.rows;
    for (const partner of this.sides[side === 'outer' ? 'inner' : 'outer'].withKey(key).values()) {
      const isMatch =
        matches === undefined ||
        (side === 'outer' ? matches(entry.row, partner.row, this.#run.frame) : matches(partner.row, entry.row, this.#run.frame));
      if (isMatch) yield partner;
    }
  }
}

/** Inner and outer joins: a row a pair, and one for each that meets nobody on a side that is kept whole. */
class PairJoin extends Join {
  #isWhole(side: Side): boolean {
    const { type } = this.shape;
    return type === 'full' || (side === 'outer' ? type === 'left' : type === 'right');
  }

  protected added(side: Side, entry: Entry, key: HashKey | undefined): void {
    const other: Side = side === 'outer' ? 'inner' : 'outer';
    for (const partner of this.partners(side, entry, key)) {
      entry.matches++;
      if (partner.matches++ === 0 && this.#isWhole(other)) this.#alone(other, partner, false);
      this.#pair(side, entry, partner, true);
    }
    if (entry.matches === 0 && this.#isWhole(side)) this.#alone(side, entry, true);
  }

  protected removed(side: Side, entry: Entry, key: HashKey | undefined): void {
    const other: Side = side === 'outer' ? 'inner' : 'outer';
    if (entry.matches === 0) {
      if (this.#isWhole(side)) this.#alone(side, entry, false);
      return;
    }
    for (const partner of this.partners(side, entry, key)) {
      this.#pair(side, entry, partner, false);
      if (--partner.matches === 0 && this.#isWhole(other)) this.#alone(other, partner, true);
    }
  }

  #pair(side: Side, entry: Entry, partner: Entry, isThere: boolean): void {
    const [outer, inner] = side === 'outer' ? [entry, partner] : [partner, entry];
    this.#tell(pairId(outer.id, inner.id), this.shape.rows.combine(outer.row, inner.row), isThere);
  }

  #alone(side: Side, { id, row }: Entry, isThere: boolean): void {
    if (side === 'outer') this.#tell(pairId(id, undefined), this.shape.rows.combine(row, undefined), isThere);
    else this.#tell(pairId(undefined, id), this.shape.rows.combine(undefined, row), isThere);
  }

  #tell(id: RowId, row: Row, isThere: boolean): void {
    if (isThere) this.push(id, undefined, row);
    else this.push(id, row, undefined);
  }
}

/** Semi and anti joins: rows of the outer side that meet somebody, or nobody. */
class FilterJoin extends Join {
  #isIn(entry: Entry, isKeyless: boolean): boolean {
    const { type, isNullAware } = this.shape;
    if (type === 'semi') return entry.matches > 0;
    if (entry.matches > 0) return false;
    if (!isNullAware) return true;
    // NOT IN: beside a NULL, or for one, nothing is known to be absent, unless there is nothing at all.
    const { inner } = this.sides;
    return isKeyless ? inner.size === 0 : inner.keyless.size === 0;
  }

  protected added(side: Side, entry: Entry, key: HashKey | undefined): void {
    if (side === 'outer') {
      for (const _ of this.partners(side, entry, key)) entry.matches++;
      if (this.#isIn(entry, key === undefined)) this.#tell(entry, true);
      return;
    }
    this.#recount(entry, key, 1);
    if (this.shape.isNullAware) this.#reconsider(key === undefined, 1);
  }

  protected removed(side: Side, entry: Entry, key: HashKey | undefined): void {
    if (side === 'outer') {
      if (this.#isIn(entry, key === undefined)) this.#tell(entry, false);
      return;
    }
    this.#recount(entry, key, -1);
    if (this.shape.isNullAware) this.#reconsider(key === undefined, 0);
  }

  /** An inner row has come or gone: those that meet it have one more or less. */
  #recount(entry: Entry, key: HashKey | undefined, by: 1 | -1): void {
    const { type, isNullAware } = this.shape;
    const isBlocked = isNullAware && this.sides.inner.keyless.size > 0;
    for (const partner of this.partners('inner', entry, key)) {
      const before = partner.matches;
      partner.matches += by;
      if ((before === 0) === (partner.matches === 0)) continue;
      if (type === 'semi') this.#tell(partner, partner.matches > 0);
      else if (!isBlocked) this.#tell(partner, partner.matches === 0);
    }
  }

  /** NOT IN: the first NULL, or the first row at all, and the last. @param threshold the size at which it has just begun, or ended, to matter */
  #reconsider(isKeyless: boolean, threshold: 0 | 1): void {
    const { inner, outer } = this.sides;
    const isThere = threshold === 0;
    if (isKeyless && inner.keyless.size === threshold)
      for (const entry of outer.keyed()) if (entry.matches === 0) this.#tell(entry, isThere);
    if (inner.size === threshold) for (const entry of outer.keyless.values()) this.#tell(entry, isThere);
  }

  #tell({ id, row }: Entry, isThere: boolean): void {
    const combined = this.shape.rows.combine(row, undefined);
    if (isThere) this.push(id, undefined, combined);
    else this.push(id, combined, undefined);
  }
}

import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { Oid, UserId } from '../../commons/ids.js';
import { isPartitioned } from '../../executor/access/index.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import type { RequiredPrivilege } from '../../planner/bind/logical.js';
import type { FormatContext } from '../../types/format-context.js';
import type { SqlValue } from '../../types/value.js';
import { DetachedContext } from '../detached-context.js';
import type { PayloadColumn } from '../payload.js';
import type { LiveNode, Push } from './live-node.js';
import type { KeyWriter } from './row-identity.js';
import type { OrderWriter } from './row-order.js';
import { LiveRun } from './running.js';

export interface LiveProgramParts {
  readonly root: LiveNode;
  readonly columns: readonly PayloadColumn[];
  readonly keys: KeyWriter;
  /** Absent: the query says nothing of an order. */
  readonly order: OrderWriter | undefined;
  /** The table of each source: several may be of one. */
  readonly sources: readonly TableDescriptor[];
  readonly slotCount: number;
  /** What each group has values of its own for, settled at LISTEN. */
  readonly parameters: readonly BoundExpr[];
  /** Of values in payloads, as it was at the first LISTEN. */
  readonly format: FormatContext;
  /** All that it reads: tables, and views on the way. */
  readonly relations: readonly Oid[];
  /** The tables that it names, itself or through views. */
  readonly reads: readonly Oid[];
  /** What a listener must be allowed. */
  readonly privileges: readonly RequiredPrivilege[];
}

/** A query that can be live, compiled: shared by all who listen to it, whoever they are. */
export class LiveProgram {
  readonly parts: LiveProgramParts;
  readonly #sourcesOf = new Map<Oid, number[]>();
  /** The tables that it reads, each once. */
  #tables: ReadonlyMap<Oid, TableDescriptor>;
  #shared: SharedRun | undefined;

  constructor(parts: LiveProgramParts) {
    this.parts = parts;
    this.#tables = new Map(parts.sources.map((table) => [table.oid, table]));
    for (const [number, { oid }] of parts.sources.entries()) this.#sourcesOf.set(oid, [...this.sourcesOf(oid), number]);
  }

  get isStateful(): boolean {
    return this.parts.root.isStateful;
  }

  get tables(): ReadonlyMap<Oid, TableDescriptor> {
    return this.#tables;
  }

  /** The tables whose changes it follows. */
  get watched(): readonly TableDescriptor[] {
    return [...this.#tables.values()].filter(isPartitioned);
  }

  sourcesOf(table: Oid): readonly number[] {
    return this.#sourcesOf.get(table) ?? NONE;
  }

  /** The tables have new storage. */
  over(catalog: CatalogSnapshot): void {
    const tables = new Map<Oid, TableDescriptor>();
    for (const oid of this.#tables.keys()) {
      const table = catalog.relationByOid(oid);
      if (table?.kind === 'table') tables.set(oid, table);
    }
    this.#tables = tables;
  }

  /** A run of one group's own. */
  start(user: UserId, parameters: readonly SqlValue[], maxBytes: number, push: Push): LiveRun {
    const { root, format, slotCount } = this.parts;
    const run = new LiveRun(new DetachedContext(format, user, parameters), slotCount, maxBytes);
    root.start(run, push);
    return run;
  }

  /**
   * Of a query that remembers nothing: one run for all its groups, since nothing of one change is left when the next comes. It is this
   * group's until the next call.
   */
  shared(user: UserId, parameters: readonly SqlValue[], told: { tell: Push }): LiveRun {
    this.#shared ??= new SharedRun(this.parts);
    return this.#shared.of(user, parameters, told);
  }
}

class SharedRun {
  readonly #cx: DetachedContext;
  readonly #run: LiveRun;
  #told: { tell: Push } | undefined;

  constructor({ root, format, slotCount }: LiveProgramParts) {
    this.#cx = new DetachedContext(format, '' as UserId, []);
    this.#run = new LiveRun(this.#cx, slotCount, 0);
    root.start(this.#run, (id, old, now) => this.#told?.tell(id, old, now));
  }

  of(user: UserId, parameters: readonly SqlValue[], told: { tell: Push }): LiveRun {
    // What an expression has looked up once was for the parameters of then.
    if (parameters.length > 0) this.#run.frame.subqueries.length = 0;
    this.#cx.actingUser = user;
    this.#cx.params = parameters;
    this.#told = told;
    return this.#run;
  }
}

const NONE: readonly number[] = [];

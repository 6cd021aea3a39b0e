import type { BoundExpr, ColumnId } from '../bind/expression.js';
import type { JoinItem } from '../bind/from/join-item.js';
import type { Aggregate, WindowCall } from '../bind/logical.js';
import type { Target } from '../bind/query/target.js';
import type { QueryWindow } from '../bind/query/windows.js';
import { type RelationItem, TableItem } from '../bind/scope/relation-item.js';
import type { Scope } from '../bind/scope/scope.js';
import type { FromShape, JoinShape, QueryShape } from '../bind/shape.js';
import type { WindowDef } from '../parse/ast.js';
import type { PrintOptions } from './options.js';

/** The columns of an item under the names that the text gives them. */
export interface ItemColumns {
  /** By the item's own index. */
  readonly names: readonly string[];
  /** All that the item has now, for an alias's list. */
  readonly all: readonly string[];
  /** The list has to be written. */
  readonly isListed: boolean;
}

export interface NamedColumn {
  /** Absent for what has no name to be called by. */
  readonly table?: string;
  readonly column: string;
}

/** What a level knows of a column id that is no column of FROM. */
export type Computed =
  | { readonly kind: 'aggregate'; readonly call: Aggregate }
  | { readonly kind: 'window'; readonly call: WindowCall; readonly window: WindowDef }
  | { readonly kind: 'grouping'; readonly args: readonly BoundExpr[] };

/**
 * One query's names: of its FROM items, which no two of which are alike here or in a query around it, and of their columns
 * (PostgreSQL's deparse_namespace).
 */
export class QueryLevel {
  readonly parent: QueryLevel | undefined;
  readonly shape: QueryShape;
  readonly scope: Scope;
  readonly ctes: readonly string[];
  readonly #options: PrintOptions;
  readonly #aliases = new Map<RelationItem, string>();
  readonly #columns = new Map<RelationItem, ItemColumns>();
  /** Joins with an alias that an item can only be called through. */
  readonly #cover = new Map<RelationItem, JoinItem>();
  readonly #taken: Map<string, number>;
  /** What USING of each join calls its columns. */
  readonly #using = new Map<JoinItem, readonly string[]>();
  readonly #merged = new Map<ColumnId, string>();
  /** Merged columns are called by bare names somewhere: then no other column of the query may have one of them. */
  #isBare = false;
  readonly #usingNames: string[] = [];
  /** Joins whose own parts are being printed. */
  readonly open = new Set<JoinItem>();

  constructor(options: PrintOptions, parent: QueryLevel | undefined, shape: QueryShape, reserved: readonly string[] = []) {
    this.#options = options;
    this.parent = parent;
    this.shape = shape;
    this.scope = shape.scope;
    this.ctes = shape.with?.ctes.map(({ cte }) => cte.name) ?? [];
    this.#taken = new Map();
    for (let level = parent; level !== undefined; level = level.parent) for (const name of level.#taken.keys()) this.#taken.set(name, 0);
    for (const name of reserved) this.#taken.set(name, 0);
    const from = shape.kind === 'select' ? shape.from : [];
    for (const item of from) this.#name(item);
    this.#isBare = from.some(hasBareColumns);
    for (const item of from) this.#nameColumns(item, new Map());
  }

  hidesRelation(name: string): boolean {
    return this.ctes.includes(name) || this.parent?.hidesRelation(name) === true;
  }

  aliasOf(item: RelationItem): string {
    return this.#aliases.get(item) ?? item.alias;
  }

  columnsOf(item: RelationItem): ItemColumns {
    return this.#columns.get(item) ?? { names: [], all: [], isListed: false };
  }

  #name(from: FromShape): void {
    if (from.kind !== 'join') {
      this.#aliases.set(from.item, this.#unique(baseName(from, this.#options)));
      return;
    }
    this.#name(from.left);
    this.#name(from.right);
    if (from.item === undefined || from.node.alias === undefined) return;
    this.#aliases.set(from.item, this.#unique(from.node.alias.name));
    for (const item of itemsOf(from)) this.#cover.set(item, from.item);
  }

  #unique(name: string): string {
    const count = this.#taken.get(name);
    if (count === undefined) {
      this.#taken.set(name, 0);
      return name;
    }
    for (let i = count + 1; ; i++) {
      const candidate = `${name}_${i}`;
      if (this.#taken.has(candidate)) continue;
      this.#taken.set(name, i);
      this.#taken.set(candidate, 0);
      return candidate;
    }
  }

  /** @param merged what joins above call the columns that they have merged, by the names that they were bound with */
  #nameColumns(from: FromShape, merged: ReadonlyMap<string, string>): void {
    if (from.kind === 'join') {
      const own = new Map(merged);
      const names = (from.using ?? []).map((bound) => {
        const name = merged.get(bound) ?? this.#usingName(bound);
        own.set(bound, name);
        return name;
      });
      if (from.item !== undefined) this.#noteUsing(from.item, names);
      this.#nameColumns(from.left, own);
      this.#nameColumns(from.right, own);
      if (from.item !== undefined) this.#columns.set(from.item, this.#joinColumns(from, from.item));
      return;
    }
    const { item } = from;
    const current = currentNames(from, this.#options);
    const written = from.node.alias?.columns ?? [];
    const used = new Set<string>();
    const reserved = this.#isBare ? this.#usingNames : [...merged.values()];
    const names: string[] = [];
    const all: string[] = [];
    let isChanged = false;
    for (const { index, name: real } of current) {
      const bound = index === undefined ? undefined : item.nameAt(index);
      const kept = bound === undefined ? undefined : merged.get(bound);
      let name = kept ?? (index !== undefined && index < written.length ? (written[index] ?? real) : real);
      if (kept === undefined) {
        const wanted = name;
        for (let i = 1; reserved.includes(name) || used.has(name); i++) name = `${wanted}_${i}`;
      }
      used.add(name);
      if (name !== real) isChanged = true;
      if (index !== undefined) names[index] = name;
      all.push(name);
    }
    const isListed = from.kind === 'functions' || (from.kind === 'query' && written.length > 0) || isChanged;
    this.#columns.set(item, { names, all, isListed });
  }

  #usingName(wanted: string): string {
    let name = wanted;
    if (this.#isBare) for (let i = 1; this.#usingNames.includes(name); i++) name = `${wanted}_${i}`;
    this.#usingNames.push(name);
    return name;
  }

  #noteUsing(join: JoinItem, names: readonly string[]): void {
    this.#using.set(join, names);
    names.forEach((name, i) => {
      const { mergedColumn } = join.refer(i);
      if (mergedColumn !== undefined) this.#merged.set(mergedColumn, name);
    });
  }

  usingOf(join: JoinItem): readonly string[] {
    return this.#using.get(join) ?? [];
  }

  /** The name of a merged column. */
  mergedName(id: ColumnId): string | undefined {
    return this.#merged.get(id) ?? this.parent?.mergedName(id);
  }

  /** What a FROM item shows by now, joins' merged columns first; `place` is where it was when the query was bound. */
  #shown(from: FromShape): readonly { readonly item?: RelationItem; readonly index?: number; readonly name: string }[] {
    if (from.kind !== 'join') {
      const { item } = from;
      const { names, all } = this.columnsOf(item);
      return all.map((name) => {
        const index = names.indexOf(name);
        return index === -1 ? { name } : { item, index, name };
      });
    }
    const using = from.item === undefined ? [] : this.usingOf(from.item);
    const others = [...this.#shown(from.left), ...this.#shown(from.right)].filter(({ name }) => !using.includes(name));
    return [...using.map((name) => ({ name })), ...others];
  }

  #joinColumns(from: JoinShape, join: JoinItem): ItemColumns {
    const written = from.node.alias?.columns ?? [];
    const count = from.using?.length ?? 0;
    const names: string[] = [];
    const all: string[] = [];
    let isChanged = false;
    // A merged column's place is its own; another's is found by what it comes from.
    const shown = this.#shown(from).map(({ item, index, name }, i) => ({ name, place: i < count ? i : join.placeOf(item, index) }));
    const assign = (i: number, wanted: string) => {
      let name = wanted;
      for (let n = 1; all.includes(name); n++) name = `${wanted}_${n}`;
      all[i] = name;
      return name;
    };
    // Columns that the query knew have the first say.
    shown.forEach(({ name, place }, i) => {
      if (place !== undefined) names[place] = assign(i, written[place] ?? name);
    });
    shown.forEach(({ name, place }, i) => {
      if (place === undefined) assign(i, name);
      if (all[i] !== name) isChanged = true;
    });
    return { names, all, isListed: written.length > 0 || isChanged };
  }

  /** How a column is called here. */
  column(id: ColumnId): NamedColumn | undefined {
    const found = this.scope.referenced.get(id);
    if (found !== undefined && this.#columns.has(found.item)) return this.#called(id, found.item, found.name);
    return this.parent?.column(id);
  }

  #called(id: ColumnId, item: RelationItem, bound: string): NamedColumn {
    let cover = this.#cover.get(item);
    while (cover !== undefined && this.open.has(cover)) cover = undefined;
    if (cover !== undefined) {
      for (let i = 0; i < cover.size; i++) {
        const column = cover.refer(i);
        if (column.kind !== 'column' || column.id !== id) continue;
        return { table: this.aliasOf(cover), column: this.columnsOf(cover).names[i] ?? cover.nameAt(i) };
      }
    }
    const index = indexOf(item, id);
    const column = index === undefined ? bound : (this.columnsOf(item).names[index] ?? bound);
    return { table: this.aliasOf(item), column };
  }

  windowOf(definition: WindowDef): QueryWindow | undefined {
    return this.shape.kind === 'select' ? this.shape.windows.find((window) => window.definition === definition) : undefined;
  }

  /** What a target was before grouping spoke of its groups. */
  exprOf(target: Target): BoundExpr {
    return (this.shape.kind === 'select' ? this.shape.exprs.get(target) : undefined) ?? target.expr;
  }

  /** The item that a whole row is of. */
  rowName(id: ColumnId): string | undefined {
    const found = this.scope.referenced.get(id);
    if (found !== undefined && this.#columns.has(found.item)) return this.aliasOf(this.#cover.get(found.item) ?? found.item);
    return this.parent?.rowName(id);
  }

  computed(id: ColumnId): { readonly level: QueryLevel; readonly computed: Computed } | undefined {
    const { scope } = this;
    const aggregate = scope.aggregates.find((candidate) => candidate.id === id);
    if (aggregate !== undefined) return { level: this, computed: { kind: 'aggregate', call: aggregate } };
    const windowed = scope.windowCalls.find(({ call }) => call.id === id);
    if (windowed !== undefined) return { level: this, computed: { kind: 'window', ...windowed } };
    const mask = scope.masks.find(({ column }) => column.id === id);
    if (mask !== undefined) return { level: this, computed: { kind: 'grouping', args: mask.args } };
    return this.parent?.computed(id);
  }
}

function itemsOf(from: FromShape): RelationItem[] {
  return from.kind === 'join' ? [...itemsOf(from.left), ...itemsOf(from.right)] : [from.item];
}

function baseName(from: Exclude<FromShape, JoinShape>, options: PrintOptions): string {
  if (from.node.alias !== undefined) return from.node.alias.name;
  if (from.kind !== 'relation') return from.item.alias;
  return options.catalog.relationByOid(from.relation.oid)?.name ?? from.relation.name;
}

/** The columns that the item has by now, and their place in it when it was bound. */
function currentNames(
  from: Exclude<FromShape, JoinShape>,
  options: PrintOptions,
): readonly { readonly index: number | undefined; readonly name: string }[] {
  const { item } = from;
  const relation = from.kind === 'relation' ? options.catalog.relationByOid(from.relation.oid) : undefined;
  if (relation === undefined || !('columns' in relation) || relation.kind === 'index') {
    return Array.from({ length: item.size }, (_, index) => ({ index, name: realName(from, index) }));
  }
  const places = new Map<number, number>();
  if (item instanceof TableItem) item.shape.live.forEach((column, index) => void places.set(column.number, index));
  return relation.columns
    .filter((column) => column.dropped !== true)
    .map(({ number, name }) => ({ index: item instanceof TableItem ? places.get(number) : number - 1, name }));
}

/** Its name without the alias's list. */
function realName(from: Exclude<FromShape, JoinShape>, index: number): string {
  const { item } = from;
  const written = from.node.alias?.columns?.[index];
  if (written === undefined || from.kind !== 'query' || from.query === undefined) return item.nameAt(index);
  if (from.query.kind !== 'select') return from.query.names[index] ?? written;
  return from.query.targets.filter((target) => !target.isHidden)[index]?.name ?? written;
}

function indexOf(item: RelationItem, id: ColumnId): number | undefined {
  if (item instanceof TableItem) {
    const number = id - item.firstId + 1;
    const index = item.shape.live.findIndex((column) => column.number === number);
    return index === -1 ? undefined : index;
  }
  for (let i = 0; i < item.size; i++) {
    const column = item.refer(i);
    if (column.kind === 'column' && column.id === id) return i;
  }
  return undefined;
}

/** A merged column that is no column of either side. */
function hasBareColumns(from: FromShape): boolean {
  if (from.kind !== 'join') return false;
  if (hasBareColumns(from.left) || hasBareColumns(from.right)) return true;
  const { item } = from;
  return item !== undefined && (from.using ?? []).some((_, i) => item.refer(i).kind !== 'column');
}

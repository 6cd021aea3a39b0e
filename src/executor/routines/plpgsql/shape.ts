import type { CatalogSnapshot } from '../../../catalog/catalog.js';
import type { Oid } from '../../../commons/ids.js';
import type { ResultColumn } from '../../../planner/bind/logical.js';
import { TypeOid } from '../../../types/oids.js';
import type { SqlRecord } from '../../../types/value.js';
import { baseTypeIn } from './declared-types.js';

/** The columns of a record's value: what its fields are called and of which types they are. */
export class Shape {
  readonly names: readonly string[];
  readonly types: readonly Oid[];
  readonly typmods: readonly number[];
  /** Of a named composite type; record otherwise. */
  readonly type: Oid;

  constructor(names: readonly string[], types: readonly Oid[], typmods: readonly number[], type: Oid = TypeOid.record) {
    this.names = names;
    this.types = types;
    this.typmods = typmods;
    this.type = type;
  }

  /** @returns -1 where there is none */
  indexOf(name: string): number {
    return this.names.indexOf(name);
  }

  equals(other: Shape): boolean {
    return (
      this === other ||
      (this.type === other.type &&
        this.names.length === other.names.length &&
        this.names.every((name, i) => name === other.names[i] && this.types[i] === other.types[i] && this.typmods[i] === other.typmods[i]))
    );
  }
}

export function shapeOfColumns(columns: readonly ResultColumn[]): Shape {
  return new Shape(
    columns.map((column) => column.name),
    columns.map((column) => column.domain ?? column.type),
    columns.map((column) => (column.domain === undefined ? column.typmod : -1)),
  );
}

export function shapeOfRecord(record: SqlRecord): Shape {
  return new Shape(
    record.names ?? record.types.map((_, i) => `f${i + 1}`),
    record.types,
    record.types.map(() => -1),
  );
}

/** Of a composite type, or a domain over one. */
export function shapeOfType(catalog: CatalogSnapshot, type: Oid): Shape | undefined {
  const relation = catalog.relationOfRowType(baseTypeIn(catalog, type));
  if (relation === undefined || !('columns' in relation) || relation.kind === 'index') return undefined;
  const columns = relation.columns.filter((column) => column.dropped !== true);
  return new Shape(
    columns.map((column) => column.name),
    columns.map((column) => column.type),
    columns.map((column) => column.typmod),
    type,
  );
}

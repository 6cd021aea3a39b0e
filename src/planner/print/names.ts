import { collationsOf } from '../../catalog/collations.js';
import { qualifiedName, quoteIdentifier, schemaName, typeName } from '../../catalog/definitions/index.js';
import { procByOid } from '../../catalog/made-routines.js';
import { madeType } from '../../catalog/made-types.js';
import { FIRST_USER_OID, type Oid } from '../../commons/ids.js';
import { codecFor } from '../../types/codecs.js';
import { TypeOid } from '../../types/oids.js';
import { REG_KINDS } from '../../types/reg-codecs.js';
import type { SqlValue } from '../../types/value.js';
import type { BoundConst } from '../bind/expression.js';
import type { PrintOptions } from './options.js';

/** Names of objects as the text needs them. */
export class Names {
  /** Users' routines and types that were named. */
  readonly used = new Set<Oid>();
  readonly #options: PrintOptions;

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  relation(oid: Oid, hidden: (name: string) => boolean = () => false): string {
    const { catalog, isVisible } = this.#options;
    const relation = catalog.relationByOid(oid);
    if (relation === undefined) return '???';
    return isVisible(relation) && !hidden(relation.name) ? quoteIdentifier(relation.name) : qualifiedName(catalog, relation);
  }

  type(oid: Oid, typmod: number): string {
    if (oid >= FIRST_USER_OID)
      this.used.add(madeType(this.#options.catalog, oid)?.isArray === true ? (madeType(this.#options.catalog, oid)?.element ?? oid) : oid);
    return typeName(this.#options.catalog, oid, typmod, this.#options.isVisible);
  }

  proc(oid: Oid): string {
    const { catalog } = this.#options;
    if (oid >= FIRST_USER_OID) this.used.add(oid);
    const proc = procByOid(catalog, oid);
    if (proc === undefined) return '???';
    const name = quoteIdentifier(proc.name);
    return this.#options.isSearched(proc.namespace) ? name : `${quoteIdentifier(schemaName(catalog, proc.namespace))}.${name}`;
  }

  /** `+`, or OPERATOR(schema.+) where the search path doesn't show it. */
  operator(symbol: string, namespace: Oid): string {
    if (this.#options.isSearched(namespace)) return symbol;
    return `OPERATOR(${quoteIdentifier(schemaName(this.#options.catalog, namespace))}.${symbol})`;
  }

  collation(oid: Oid): string {
    const { catalog } = this.#options;
    const collation = collationsOf(catalog).find((candidate) => candidate.oid === oid);
    if (collation === undefined) return '???';
    const name = quoteIdentifier(collation.name);
    return this.#options.isSearched(collation.namespace) ? name : `${quoteIdentifier(schemaName(catalog, collation.namespace))}.${name}`;
  }

  /** @param label whether its type is written: where it must be (0), always (1), never (-1) */
  constant(constant: BoundConst, label: -1 | 0 | 1): string {
    const { type, typmod, value } = constant;
    const suffix = () => `::${this.type(type, typmod)}`;
    if (value === null) return label < 0 ? 'NULL' : `NULL${suffix()}`;
    if (type === TypeOid.bool) return value === true ? 'true' : 'false';
    const text = this.#text(type, value);
    let written = `'${text.replaceAll("'", "''")}'`;
    let needsType = type !== TypeOid.unknown;
    if (type === TypeOid.int4) {
      needsType = text.startsWith('-');
      if (!needsType) written = text;
    } else if (type === TypeOid.numeric && /^\d/.test(text) && /[eE.]/.test(text)) {
      needsType = typmod >= 0;
      written = text;
    } else if (type === TypeOid.bit || type === TypeOid.varbit) written = `B'${text}'`;
    return label > 0 || (label === 0 && needsType) ? written + suffix() : written;
  }

  #text(type: Oid, value: SqlValue): string {
    if (typeof value === 'number') {
      const kind = REG_KINDS.find((candidate) => TypeOid[candidate] === type);
      if (kind === 'regclass' && this.#options.catalog.relationByOid(value) !== undefined) return this.relation(value);
      if (kind === 'regtype') return this.type(value, -1);
    }
    if (typeof value === 'string' && type === TypeOid.unknown) return value;
    const codec = codecFor(type);
    return codec === undefined ? String(value) : codec.output(value, this.#options.format);
  }
}

import { isPolymorphic } from '../../../catalog/builtin/index.js';
import type { CatalogSnapshot } from '../../../catalog/catalog.js';
import type { RelationDescriptor } from '../../../catalog/descriptors.js';
import { typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { collationNamed, resolveDataType, typeNameIn } from '../../../planner/bind/bind.js';
import type { PlannerContext } from '../../../planner/context.js';
import type { DataTypeDef, Expr } from '../../../planner/parse/ast.js';
import type { SqlText, VariableType } from '../../../planner/parse/plpgsql/ast.js';
import type { DeclaredTypes } from '../../../planner/parse/plpgsql/body-reader.js';
import { tokenize } from '../../../planner/parse/tokens.js';
import { TypeOid } from '../../../types/oids.js';
import { parseSql } from './sql-parse.js';

const REFCURSOR = 1790;

/** Types as a body's declarations name them. */
export class TypesOfBody implements DeclaredTypes {
  readonly refcursor: VariableType = { oid: REFCURSOR, typmod: -1, isRecord: false };
  readonly integer: VariableType = { oid: TypeOid.int4, typmod: -1, isRecord: false };
  readonly text: VariableType = { oid: TypeOid.text, typmod: -1, isRecord: false };
  readonly record: VariableType = { oid: TypeOid.record, typmod: -1, isRecord: true };
  readonly #cx: PlannerContext;
  readonly #checks: boolean;
  readonly shadows?: (name: string, position: number) => void;

  /** @param checks also what is not run yet is shown to the grammar: at CREATE */
  constructor(cx: PlannerContext, checks: boolean, shadows?: (name: string, position: number) => void) {
    this.#cx = cx;
    this.#checks = checks;
    if (shadows !== undefined) this.shadows = shadows;
  }

  parse(text: string): DataTypeDef {
    const prefix = 'SELECT NULL::';
    const where = `invalid type name "${text}"`;
    let expr: Expr | undefined;
    let trailing: number | undefined;
    try {
      const [parsed] = this.#cx.parser.parse(`${prefix}${text}`);
      const column = parsed?.statement.type === 'select' ? parsed.statement.columns[0] : undefined;
      expr = column?.expr;
      // What the grammar takes for a column's name.
      if (column?.alias !== undefined) trailing = text.lastIndexOf(column.alias);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      throw new SqlError(error.code, error.message, {
        ...error.fields,
        position: Math.max(0, (error.fields.position ?? 0) - prefix.length),
        where,
      });
    }
    if (expr?.type === 'cast' && trailing === undefined) return expr.to;
    const position = trailing ?? Math.max(0, text.indexOf('%'));
    const [token] = tokenize(text, position);
    throw new SqlError(SqlState.syntaxError, `syntax error at or near "${token?.text ?? text}"`, { position, where });
  }

  named(definition: DataTypeDef): VariableType {
    if (definition.percentType === true) {
      const column = this.column(partsOf(definition));
      if (column !== undefined) return column;
    }
    const { type, typmod } = resolveDataType(definition, this.#cx);
    return this.ofType(type, typmod);
  }

  ofType(oid: Oid, typmod = -1): VariableType {
    const { catalog } = this.#cx;
    return { oid, typmod, isRecord: isRowType(catalog, oid) };
  }

  column(names: readonly string[]): VariableType | undefined {
    const relation = this.#relation(names.slice(0, -1));
    if (relation === undefined || !('columns' in relation) || relation.kind === 'index') return undefined;
    const name = names.at(-1) ?? '';
    const column = relation.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
    if (column === undefined) return undefined;
    const { collation } = column;
    return { ...this.ofType(column.type, column.typmod), ...(collation === undefined ? {} : { collation }) };
  }

  row(names: readonly string[]): VariableType {
    const relation = this.#relation(names);
    const written = names.join('.');
    if (relation === undefined) throw new SqlError(SqlState.undefinedTable, `relation "${written}" does not exist`);
    if (!('rowType' in relation))
      throw new SqlError(SqlState.wrongObjectType, `relation "${relation.name}" does not have a composite type`);
    return { oid: relation.rowType, typmod: -1, isRecord: true };
  }

  collated(type: VariableType, names: readonly string[]): VariableType | undefined {
    const [first = '', second] = names;
    const collation = collationNamed(second === undefined ? { name: first } : { schema: first, name: second }, this.#cx);
    const { catalog } = this.#cx;
    const record = typeRecord(catalog, type.oid);
    const element = record?.isArray === true ? typeRecord(catalog, record.element) : record;
    return (element?.collation ?? 0) === 0 ? undefined : { ...type, collation };
  }

  check(sql: SqlText): void {
    if (this.#checks) parseSql(sql, this.#cx.parser);
  }

  isPseudo(type: VariableType): boolean {
    if (type.isRecord) return false;
    return isPolymorphic(type.oid) || typeRecord(this.#cx.catalog, type.oid)?.kind === 'p';
  }

  typeName(type: VariableType): string {
    return typeNameIn(type.oid, this.#cx);
  }

  #relation(names: readonly string[]): RelationDescriptor | undefined {
    const { catalog, searchPath } = this.#cx;
    const name = names.at(-1) ?? '';
    const schemaName = names.length > 1 ? names.at(-2) : undefined;
    if (schemaName !== undefined) {
      const schema = catalog.schema(schemaName);
      return schema === undefined ? undefined : catalog.relation(schema.oid, name);
    }
    for (const schema of searchPath) {
      const found = catalog.relation(schema, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** record, a composite type, or a domain over one. */
export function isRowType(catalog: CatalogSnapshot, oid: Oid): boolean {
  if (oid === TypeOid.record) return true;
  return typeRecord(catalog, baseTypeIn(catalog, oid))?.kind === 'c';
}

/** Of a domain the type below it. */
export function baseTypeIn(catalog: CatalogSnapshot, oid: Oid): Oid {
  let type = typeRecord(catalog, oid);
  while (type?.kind === 'd') type = typeRecord(catalog, type.baseType);
  return type?.oid ?? oid;
}

function partsOf({ schema, name }: DataTypeDef): readonly string[] {
  return schema === undefined ? [name] : [schema, ...name.split('.')];
}

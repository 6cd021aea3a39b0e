import type { BuiltinProc } from '../catalog/builtin/index.js';
import type { CatalogSnapshot } from '../catalog/catalog.js';
import { type NamedObject, qualifiedName, quoteIdentifier, schemaName, typeName } from '../catalog/definitions/index.js';
import type { RelationDescriptor } from '../catalog/descriptors.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../commons/sqlstates.js';
import { SchemaName, SchemaOid } from '../commons/system-names.js';
import { resolveDataType } from '../planner/bind/bind.js';
import type { ObjectNames, RegKind } from '../types/format-context.js';
import { TEXT_SEARCH_CONFIGURATIONS } from '../types/text-search/configurations.js';
import { parseQualifiedName } from './qualified-name.js';
import type { SessionCore } from './session-core.js';

/** Names of catalog objects for regclass and its like, as the session's search path has them. */
export class NamesOfSession implements ObjectNames {
  readonly #core: SessionCore;

  constructor(core: SessionCore) {
    this.#core = core;
  }

  nameOf(kind: RegKind, oid: number): string | undefined {
    const catalog = this.#core.catalog();
    const { builtin } = catalog;
    switch (kind) {
      case 'regclass': {
        const relation = catalog.relationByOid(oid);
        if (relation === undefined) return undefined;
        return this.#isVisible(relation) ? quoteIdentifier(relation.name) : qualifiedName(catalog, relation);
      }
      case 'regtype': {
        const name = typeName(catalog, oid, null, (relation) => this.#isVisible(relation));
        return name.startsWith('???') ? undefined : name;
      }
      case 'regproc': {
        const proc = builtin.procByOid(oid);
        return proc && this.#builtinName(catalog, proc.namespace, proc.name, builtin.procsByName(proc.name, proc.namespace).length === 1);
      }
      case 'regprocedure': {
        const proc = builtin.procByOid(oid);
        return proc && `${this.#builtinName(catalog, proc.namespace, proc.name, true)}(${argumentList(catalog, proc)})`;
      }
      case 'regoper':
        return builtin.operatorByOid(oid)?.name;
      case 'regoperator': {
        const operator = builtin.operatorByOid(oid);
        if (operator === undefined) return undefined;
        const left = operator.left === 0 ? 'NONE' : typeName(catalog, operator.left);
        return `${operator.name}(${left},${typeName(catalog, operator.right)})`;
      }
      case 'regrole': {
        const role = catalog.roleByOid(oid);
        return role && quoteIdentifier(role.name);
      }
      case 'regnamespace': {
        const schema = catalog.schemaByOid(oid);
        return schema && quoteIdentifier(schema.name);
      }
      case 'regcollation': {
        const collation = builtin.collations().find((candidate) => candidate.oid === oid);
        return collation && quoteIdentifier(collation.name);
      }
      case 'regconfig':
        return TEXT_SEARCH_CONFIGURATIONS.find((configuration) => configuration.oid === oid)?.name;
      case 'regdictionary':
        return undefined;
    }
  }

  oidOf(kind: RegKind, name: string): number {
    const catalog = this.#core.catalog();
    const { builtin } = catalog;
    switch (kind) {
      case 'regclass':
        return this.#relation(name).oid;
      case 'regtype':
        return this.#type(name);
      case 'regproc':
        return this.#single(builtin.procsByName(this.#last(name)), 'function', name).oid;
      case 'regprocedure':
        return this.#procedure(name);
      case 'regoper':
        return this.#single(builtin.operatorsByName(name), 'operator', name).oid;
      case 'regoperator':
        return this.#operator(name);
      case 'regrole':
        return (catalog.role(this.#last(name)) ?? missing(SqlState.undefinedObject, `role "${this.#last(name)}" does not exist`)).oid;
      case 'regnamespace': {
        const schema = this.#last(name);
        const found = schema === SchemaName.temporary ? catalog.tempSchema : catalog.schema(schema);
        return (found ?? missing(SqlState.invalidSchemaName, `schema "${schema}" does not exist`)).oid;
      }
      case 'regcollation': {
        const collation = builtin.collations().find((candidate) => candidate.name === this.#last(name));
        return (collation ?? missing(SqlState.undefinedObject, `collation "${name}" for encoding "UTF8" does not exist`)).oid;
      }
      case 'regconfig': {
        const found = TEXT_SEARCH_CONFIGURATIONS.find((configuration) => configuration.name === this.#last(name));
        if (found !== undefined) return found.oid;
        return missing(SqlState.undefinedObject, `text search configuration "${name}" does not exist`);
      }
      case 'regdictionary':
        return missing(SqlState.undefinedObject, `text search dictionary "${name}" does not exist`);
    }
  }

  /** Found by its bare name. */
  #isVisible(object: NamedObject): boolean {
    const catalog = this.#core.catalog();
    for (const schema of this.#core.searchPath().effective) {
      const found = catalog.relation(schema.oid, object.name) ?? catalog.type(schema.oid, object.name);
      if (found !== undefined) return found.schema === object.schema;
    }
    return false;
  }

  #builtinName(catalog: CatalogSnapshot, namespace: number, name: string, isUnique: boolean): string {
    const bare = namespace === SchemaOid.pgCatalog && isUnique;
    return bare ? quoteIdentifier(name) : `${quoteIdentifier(schemaName(catalog, namespace))}.${quoteIdentifier(name)}`;
  }

  #relation(text: string): RelationDescriptor {
    const catalog = this.#core.catalog();
    const parts = parseQualifiedName(text);
    const [name = '', schemaPart] = [...parts].reverse();
    if (schemaPart === undefined) {
      for (const schema of this.#core.searchPath().effective) {
        const relation = catalog.relation(schema.oid, name);
        if (relation !== undefined) return relation;
      }
    } else {
      const schema = schemaPart === SchemaName.temporary ? catalog.tempSchema : catalog.schema(schemaPart);
      if (schema === undefined && schemaPart !== SchemaName.temporary) {
        return missing(SqlState.invalidSchemaName, `schema "${schemaPart}" does not exist`);
      }
      const relation = schema === undefined ? undefined : catalog.relation(schema.oid, name);
      if (relation !== undefined) return relation;
    }
    return missing(SqlState.undefinedTable, `relation "${parts.join('.')}" does not exist`);
  }

  /** A type's name may be anything that the grammar knows: `double precision`, `int[]`, `numeric(10,2)`. */
  #type(text: string): number {
    const parsed = this.#core.server.parser.parse(`SELECT CAST(NULL AS ${text})`);
    const statement = parsed[0]?.statement;
    const expr = statement?.type === 'select' ? statement.columns[0]?.expr : undefined;
    if (parsed.length !== 1 || expr?.type !== 'cast') return missing(SqlState.syntaxError, `syntax error at or near "${text}"`);
    try {
      return resolveDataType(expr.to, this.#core.plannerContext([], true)).type;
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      // It points into the text made up here.
      const { position: _, ...fields } = error.fields;
      throw new SqlError(error.code, error.message, fields);
    }
  }

  #last(text: string): string {
    return parseQualifiedName(text).at(-1) ?? '';
  }

  #single<T>(found: readonly T[], what: 'function' | 'operator', name: string): T {
    const [first, second] = found;
    if (first === undefined) {
      return missing(
        SqlState.undefinedFunction,
        what === 'function' ? `function "${name}" does not exist` : `operator does not exist: ${name}`,
      );
    }
    if (second !== undefined) return missing(SqlState.ambiguousFunction, `more than one ${what} named "${name}"`);
    return first;
  }

  #procedure(text: string): number {
    const { name, types } = this.#signature(text);
    const found = this.#core
      .catalog()
      .builtin.procsByName(this.#last(name))
      .find((proc) => sameList(proc.argTypes, types));
    return (found ?? missing(SqlState.undefinedFunction, `function "${text}" does not exist`)).oid;
  }

  #operator(text: string): number {
    const { name, types } = this.#signature(text);
    const found = this.#core
      .catalog()
      .builtin.operatorsByName(name.trim())
      .find((operator) => sameList([operator.left, operator.right], types));
    return (found ?? missing(SqlState.undefinedFunction, `operator does not exist: ${text}`)).oid;
  }

  /** `name(type, type)`; NONE stands for no left operand. */
  #signature(text: string): { readonly name: string; readonly types: readonly number[] } {
    const match = /^([^(]+)\((.*)\)\s*$/s.exec(text);
    if (match === null) throw new SqlError(SqlState.invalidTextRepresentation, 'expected a left parenthesis');
    const [, name = '', list = ''] = match;
    const types = list.trim() === '' ? [] : list.split(',').map((type) => (/^\s*none\s*$/i.test(type) ? 0 : this.#type(type)));
    return { name, types };
  }
}

function argumentList(catalog: CatalogSnapshot, proc: BuiltinProc): string {
  return proc.argTypes.map((type) => typeName(catalog, type)).join(',');
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function missing(code: SqlStateCode, message: string): never {
  throw new SqlError(code, message);
}

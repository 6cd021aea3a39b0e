import { collationNamed, collationsOf } from '../catalog/collations.js';
import { type NamedObject, qualifiedName, quoteIdentifier, typeName } from '../catalog/definitions/index.js';
import type { RelationDescriptor } from '../catalog/descriptors.js';
import { configurationByOid, configurationNamed, dictionaryByOid, dictionaryNamed, placeOfDictionary } from '../catalog/text-search.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../commons/sqlstates.js';
import { SchemaName, SchemaOid } from '../commons/system-names.js';
import { resolveDataType } from '../planner/bind/bind.js';
import type { ObjectNames, RegKind } from '../types/format-context.js';
import { parseQualifiedName } from './qualified-name.js';
import {
  functionName,
  functionOid,
  operatorName,
  operatorOfSignature,
  operatorOid,
  operatorSignature,
  procedureOid,
  signature,
} from './routine-names.js';
import type { SessionCore } from './session-core.js';
import { textSearchName, textSearchOid } from './text-search-names.js';

/** Names of catalog objects for regclass and its like, as the session's search path has them. */
export class NamesOfSession implements ObjectNames {
  readonly #core: SessionCore;

  constructor(core: SessionCore) {
    this.#core = core;
  }

  nameOf(kind: RegKind, oid: number): string | undefined {
    const catalog = this.#core.catalog();
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
      case 'regproc':
        return functionName(oid, this.#around());
      case 'regprocedure':
        return signature(oid, this.#around());
      case 'regoper':
        return operatorName(oid, this.#around());
      case 'regoperator':
        return operatorSignature(oid, this.#around());
      case 'regrole': {
        const role = catalog.roleByOid(oid);
        return role && quoteIdentifier(role.name);
      }
      case 'regnamespace': {
        const schema = catalog.schemaByOid(oid);
        return schema && quoteIdentifier(schema.name);
      }
      case 'regcollation': {
        const collation = collationsOf(catalog).find((candidate) => candidate.oid === oid);
        return collation && quoteIdentifier(collation.name);
      }
      case 'regconfig':
        return textSearchName(configurationByOid(catalog, oid), catalog.textSearchConfiguration(oid), configurationNamed, this.#around());
      case 'regdictionary':
        return textSearchName(dictionaryByOid(catalog, oid), placeOfDictionary(catalog, oid), dictionaryNamed, this.#around());
    }
  }

  oidOf(kind: RegKind, name: string): number {
    const catalog = this.#core.catalog();
    switch (kind) {
      case 'regclass':
        return this.#relation(name).oid;
      case 'regtype':
        return this.#type(name);
      case 'regproc':
        return functionOid(name, this.#around());
      case 'regprocedure':
        return procedureOid(name, this.#around());
      case 'regoper':
        return operatorOid(name, this.#around());
      case 'regoperator':
        return operatorOfSignature(name, this.#around());
      case 'regrole':
        return (catalog.role(this.#only(name)) ?? missing(SqlState.undefinedObject, `role "${this.#only(name)}" does not exist`)).oid;
      case 'regnamespace': {
        const schema = this.#only(name);
        const found = schema === SchemaName.temporary ? catalog.tempSchema : catalog.schema(schema);
        return (found ?? missing(SqlState.invalidSchemaName, `schema "${schema}" does not exist`)).oid;
      }
      case 'regcollation': {
        const collation = collationNamed(catalog, this.#last(name));
        return (collation ?? missing(SqlState.undefinedObject, `collation "${name}" for encoding "UTF8" does not exist`)).oid;
      }
      case 'regconfig': {
        const found = textSearchOid(name, configurationNamed, this.#around());
        return found ?? missing(SqlState.undefinedObject, `text search configuration "${name}" does not exist`);
      }
      case 'regdictionary': {
        const found = textSearchOid(name, dictionaryNamed, this.#around());
        return found ?? missing(SqlState.undefinedObject, `text search dictionary "${name}" does not exist`);
      }
    }
  }

  /** Found by its bare name. */
  #isVisible(object: NamedObject): boolean {
    const catalog = this.#core.catalog();
    for (const schema of this.#core.searchPath().effective) {
      const found = catalog.relation(schema.oid, object.name) ?? catalog.type(schema.oid, object.name);
      if (found !== undefined) return found.schema === object.schema;
      const ofExtension = schema.oid === SchemaOid.pgCatalog ? undefined : catalog.builtin.typeByName(object.name, schema.oid);
      if (ofExtension !== undefined) return ofExtension.namespace === object.schema;
    }
    return false;
  }

  #around() {
    return {
      catalog: this.#core.catalog(),
      path: this.#core.searchPath().effective.map((schema) => schema.oid),
      isVisible: (object: NamedObject) => this.#isVisible(object),
      typeOid: (text: string) => this.#type(text),
    };
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
    if (text.trim() === '') return missing(SqlState.syntaxError, `invalid type name "${text}"`);
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

  /** What lies in no schema has a name of one part. @throws SqlError 42602 */
  #only(text: string): string {
    const [name, ...more] = parseQualifiedName(text);
    if (name === undefined || more.length > 0) throw new SqlError(SqlState.invalidName, 'invalid name syntax');
    return name;
  }

  #last(text: string): string {
    return parseQualifiedName(text).at(-1) ?? '';
  }
}

function missing(code: SqlStateCode, message: string): never {
  throw new SqlError(code, message);
}

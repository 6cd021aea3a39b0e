import { concerns } from '../../../catalog/acl.js';
import type {
  DefaultPrivilegesObject,
  Descriptor,
  ObjectPrivilegesDescriptor,
  RelationDescriptor,
  TableDescriptor,
} from '../../../catalog/descriptors.js';
import { sequenceRelation } from '../../../catalog/sequence-relation.js';
import { CatalogOid } from '../../../catalog/virtual/class-oids.js';
import type { Oid } from '../../../commons/ids.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, describeRelation } from '../names.js';
import { signature } from '../routines/find.js';
import { describeOperator, describeRoutine } from '../routines/uses.js';
import { typeText } from '../types/type-text.js';
import { systemColumnName } from './system-columns.js';

/** What a role owns, has been granted, or is the target of: PostgreSQL's pg_shdepend, found by looking at all objects. */
export interface RoleUse {
  readonly oid: Oid;
  readonly catalog: Oid;
  /** A column's number, or 0. */
  readonly part: number;
  readonly kind: 'owner' | 'privileges' | 'target';
  /** As in `table t`. */
  readonly what: string;
}

const KIND_TEXTS = { owner: 'owner of', privileges: 'privileges for', target: 'target of' } as const;
/** PostgreSQL's letters for the kinds: a, o, r. */
const KIND_ORDER = { privileges: 0, owner: 1, target: 2 } as const;

/** `owner of table t`, `privileges for column a of table t`, … the oldest object first. */
export function linesOf(uses: readonly RoleUse[]): readonly string[] {
  return [...uses]
    .sort((a, b) => a.oid - b.oid || a.catalog - b.catalog || (a.part >>> 0) - (b.part >>> 0) || KIND_ORDER[a.kind] - KIND_ORDER[b.kind])
    .map(({ kind, what }) => `${KIND_TEXTS[kind]} ${what}`);
}

/** In the database at hand, and on what all databases share. */
export function usesOfRole(role: Oid, cx: UtilityContext): readonly RoleUse[] {
  return [...objectsOf(cx)].flatMap((object) =>
    usesIn(
      object,
      role,
      () => describe(object, cx),
      (number) => bornColumn(object, number, cx),
    ),
  );
}

/** How many there are among the objects of another database. */
export function countUses(objects: Iterable<Descriptor>, role: Oid): number {
  let count = 0;
  for (const object of objects) count += usesIn(object, role, () => '', String).length;
  return count;
}

type Used = Descriptor | Extract<RelationDescriptor, { kind: 'virtual' }>;

function* objectsOf(cx: UtilityContext): Iterable<Used> {
  const catalog = catalogOf(cx);
  yield* catalog.databases();
  yield* catalog.schemas();
  yield* catalog.types();
  yield* catalog.relations();
  yield* catalog.routines();
  yield* catalog.operators();
  yield* catalog.operatorClasses();
  yield* catalog.textSearchConfigurations();
  yield* catalog.textSearchDictionaries();
  yield* catalog.freeStanding('extended statistics');
  yield* catalog.freeStanding('collation');
  yield* catalog.freeStanding('publication');
  yield* catalog.freeStanding('large object');
  yield* catalog.extensions();
  yield* catalog.allObjectPrivileges();
  yield* catalog.defaultPrivileges();
  yield* catalog.parameterPrivileges();
}

/** The system's own objects are pinned: nobody depends on their owner. */
function usesIn(object: Used, role: Oid, describeIt: () => string, columnName: (number: number) => string): readonly RoleUse[] {
  if (object.kind === 'virtual' || object.kind === 'role' || object.kind === 'statistics' || object.kind === 'cast') return [];
  const uses: RoleUse[] = [];
  const [oid, catalog] = identityOf(object);
  const add = (kind: RoleUse['kind'], what = describeIt(), part = 0, of = { oid, catalog }) => uses.push({ ...of, part, kind, what });
  const owner = 'owner' in object ? object.owner : object.kind === 'default privileges' ? object.role : undefined;
  if (owner === role && object.kind !== 'index') add('owner');
  else if (concerns(object.acl, role)) add('privileges');
  if (object.kind === 'object privileges' && owner !== role)
    for (const [number, acl] of Object.entries(object.columns ?? {}))
      if (concerns(acl, role)) add('privileges', `column ${columnName(Number(number))} of ${describeIt()}`, Number(number));
  if (object.kind === 'sequence' && owner !== role)
    for (const [number, acl] of Object.entries(object.columnAcls ?? {}))
      if (concerns(acl, role)) {
        const { name } = sequenceRelation(object).columns[Number(number) - 1] ?? { name: number };
        add('privileges', `column ${name} of ${describeIt()}`, Number(number));
      }
  if ((object.kind !== 'table' && object.kind !== 'view') || owner === role) return [...uses, ...policyUses(object, role, describeIt)];
  for (const column of object.columns)
    if (column.dropped !== true && concerns(column.acl, role)) add('privileges', `column ${column.name} of ${describeIt()}`, column.number);
  if (object.kind === 'table')
    for (const [number, acl] of Object.entries(object.systemColumnAcls ?? {}))
      if (concerns(acl, role)) add('privileges', `column ${systemColumnName(Number(number))} of ${describeIt()}`, Number(number));
  return [...uses, ...policyUses(object, role, describeIt)];
}

function policyUses(object: Used, role: Oid, describeIt: () => string): readonly RoleUse[] {
  if (object.kind !== 'table') return [];
  return (object.policies ?? [])
    .filter((policy) => policy.roles.includes(role))
    .map(({ oid, name }) => ({
      oid,
      catalog: CatalogOid.pgPolicy,
      part: 0,
      kind: 'target',
      what: `policy ${name} on ${describeIt()}`,
    }));
}

function identityOf(object: Exclude<Used, { kind: 'virtual' | 'role' | 'statistics' | 'cast' }>): readonly [oid: Oid, catalog: Oid] {
  switch (object.kind) {
    case 'database':
      return [object.oid, CatalogOid.pgDatabase];
    case 'schema':
      return [object.oid, CatalogOid.pgNamespace];
    case 'type':
      return [object.oid, CatalogOid.pgType];
    case 'composite':
      return [object.rowType, CatalogOid.pgType];
    case 'routine':
      return [object.oid, CatalogOid.pgProc];
    case 'operator':
      return [object.oid, CatalogOid.pgOperator];
    case 'operator class':
      return [object.oid, CatalogOid.pgOpclass];
    case 'extension':
      return [object.oid, CatalogOid.pgExtension];
    case 'extended statistics':
      return [object.oid, CatalogOid.pgStatisticExt];
    case 'collation':
      return [object.oid, CatalogOid.pgCollation];
    case 'publication':
      return [object.oid, CatalogOid.pgPublication];
    case 'large object':
      return [object.oid, CatalogOid.pgLargeobject];
    case 'object privileges':
      return [object.object, object.catalog];
    case 'default privileges':
      return [object.oid, CatalogOid.pgDefaultAcl];
    case 'parameter privileges':
      return [object.oid, CatalogOid.pgParameterAcl];
    default:
      return [object.oid, CatalogOid.pgClass];
  }
}

function describe(object: Used, cx: UtilityContext): string {
  const catalog = catalogOf(cx);
  switch (object.kind) {
    case 'type':
      return typeText(object.oid, cx);
    case 'composite':
      return typeText(object.rowType, cx);
    case 'routine':
      return describeRoutine(object, cx);
    case 'operator':
      return describeOperator(object, cx);
    case 'operator class': {
      const method = catalog.builtin.accessMethods().find(({ oid }) => oid === object.method)?.name ?? '';
      return `operator class ${object.name} for access method ${method}`;
    }
    case 'table':
    case 'view':
    case 'sequence':
    case 'index':
    case 'virtual':
      return describeRelation(object, cx);
    case 'object privileges':
      return describeBorn(object, cx);
    case 'default privileges': {
      const where = object.schema === 0 ? '' : ` in schema ${catalog.schemaByOid(object.schema)?.name ?? ''}`;
      return `default privileges on new ${PLURALS[object.objects]} belonging to role ${catalog.roleByOid(object.role)?.name ?? ''}${where}`;
    }
    case 'extended statistics':
      return `statistics object ${object.name}`;
    case 'parameter privileges':
      return `parameter ${object.name}`;
    default:
      return 'name' in object ? `${object.kind} ${object.name}` : object.kind;
  }
}

const PLURALS: Readonly<Record<DefaultPrivilegesObject, string>> = {
  table: 'relations',
  sequence: 'sequences',
  routine: 'functions',
  type: 'types',
  schema: 'schemas',
};

/** A column of one of the system's own relations. */
function bornColumn(object: Used, number: number, cx: UtilityContext): string {
  const relation = object.kind === 'object privileges' ? catalogOf(cx).relationByOid(object.object) : undefined;
  return relation?.kind === 'virtual' ? (relation.columns[number - 1]?.name ?? systemColumnName(number)) : '';
}

function describeBorn({ catalog, object }: ObjectPrivilegesDescriptor, cx: UtilityContext): string {
  const snapshot = catalogOf(cx);
  switch (catalog) {
    case CatalogOid.pgProc: {
      const proc = snapshot.builtin.procByOid(object);
      return proc === undefined ? 'function' : `function ${signature(proc.name, proc.argTypes, cx).replaceAll(', ', ',')}`;
    }
    case CatalogOid.pgType:
      return typeText(object, cx);
    case CatalogOid.pgLanguage:
      return `language ${snapshot.builtin.languages().find(({ oid }) => oid === object)?.name ?? ''}`;
    case CatalogOid.pgTablespace:
      return `tablespace ${object === 1663 ? 'pg_default' : 'pg_global'}`;
    default: {
      const relation = snapshot.relationByOid(object);
      return relation === undefined ? 'table' : describeRelation(relation, cx);
    }
  }
}

/** A table without policies that are for no role but this one, and the others without it. */
export function withoutTarget(table: TableDescriptor, role: Oid): TableDescriptor {
  const { policies, ...rest } = table;
  if (policies?.some(({ roles }) => roles.includes(role)) !== true) return table;
  const left = policies
    .map((policy) => (policy.roles.includes(role) ? { ...policy, roles: policy.roles.filter((other) => other !== role) } : policy))
    .filter(({ roles }) => roles.length > 0);
  return left.length === 0 ? rest : { ...rest, policies: left };
}

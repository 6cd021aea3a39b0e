import { bottomLayer } from '../../src/catalog/bottom.js';
import { loadBuiltinCatalog } from '../../src/catalog/builtin/index.js';
import type {
  AclItem,
  ColumnDescriptor,
  Constraint,
  Descriptor,
  IndexColumn,
  IndexDescriptor,
  SequenceDescriptor,
  TableDescriptor,
  VirtualDescriptor,
} from '../../src/catalog/descriptors.js';
import { initialDescriptors, role } from '../../src/catalog/initial.js';
import { Layer, objectKey } from '../../src/catalog/layer.js';
import { LayeredCatalog } from '../../src/catalog/layered-catalog.js';
import { createVirtualRelations, type VirtualContext } from '../../src/catalog/virtual/index.js';
import { assert } from '../../src/commons/assert.js';
import { storageId } from '../../src/commons/ids.js';
import { RoleOid } from '../../src/commons/system-names.js';
import { TypeOid } from '../../src/types/oids.js';
import type { Row, SqlValue } from '../../src/types/value.js';

/** The objects of virtual-golden.schema.sql as descriptors, and ways to read virtual relations over them. */
export const builtin = loadBuiltinCatalog();

export const Oid = {
  owner: 16384,
  reader: 16385,
  app: 16386,
  users: 16400,
  posts: 16450,
  tags: 16500,
  postTags: 16550,
  view: 16600,
} as const;

const owned = { owner: Oid.owner, schema: Oid.app, persistence: 'permanent' } as const;
const grant = (grantee: number, privileges: number, grantable = 0): AclItem => ({ grantee, grantor: Oid.owner, privileges, grantable });
const ALL = 127;
const SELECT = 2;
const INSERT_UPDATE = 5;

type ColumnOptions = Partial<Omit<ColumnDescriptor, 'number' | 'name' | 'type'>>;
type ColumnSpec = readonly [name: string, type: number, options?: ColumnOptions];

function columns(...specs: readonly ColumnSpec[]): ColumnDescriptor[] {
  return specs.map(([name, type, options], i) => ({ number: i + 1, name, type, typmod: -1, notNull: false, ...options }));
}

function table(
  oid: number,
  name: string,
  cols: ColumnDescriptor[],
  constraints: readonly Constraint[],
  more: Partial<TableDescriptor> = {},
): TableDescriptor {
  return {
    ...owned,
    kind: 'table',
    oid,
    name,
    tableType: 'shared',
    storage: storageId(oid),
    serde: 'msgpack',
    columns: cols,
    constraints,
    deletedRetentionMs: 0,
    rowType: oid + 1,
    rowArrayType: oid + 2,
    options: {},
    ...more,
  };
}

export function key(column: number, type: number, more: Partial<IndexColumn> = {}): IndexColumn {
  const opclass = builtin.defaultOpclass(type, 403);
  assert(opclass !== undefined, `type ${type} has an order`);
  return { column, type, descending: false, nullsFirst: false, opclass: opclass.oid, ...more };
}

export function index(
  oid: number,
  name: string,
  of: number,
  keys: readonly IndexColumn[],
  more: Partial<IndexDescriptor> = {},
): IndexDescriptor {
  return {
    ...owned,
    kind: 'index',
    oid,
    name,
    table: of,
    storage: storageId(oid),
    clustered: more.primary === true,
    unique: more.constraint !== undefined,
    primary: false,
    columns: keys,
    method: 'btree',
    ...more,
  };
}

function sequence(oid: number, name: string, more: Partial<SequenceDescriptor> = {}): SequenceDescriptor {
  return {
    ...owned,
    kind: 'sequence',
    oid,
    name,
    storage: storageId(oid),
    type: TypeOid.int4,
    start: 1,
    increment: 1,
    min: 1,
    max: 2147483647,
    cache: 1,
    cycle: false,
    ...more,
  };
}

const { int2, int4, int8, text, bool, uuid, varchar, jsonb, numeric, date, timestamptz, timestamp, bytea, interval, bpchar } = TypeOid;
const TEXT_ARRAY = 1009;

const users = table(
  Oid.users,
  'users',
  columns(
    ['id', int4, { notNull: true, defaultText: "nextval('app.users_id_seq'::regclass)", ownedSequence: 16403 }],
    ['uid', uuid, { notNull: true, defaultText: 'gen_random_uuid()' }],
    ['email', text, { notNull: true, comment: 'mail' }],
    ['name', varchar, { typmod: 104 }],
    ['age', int2],
    ['tags', TEXT_ARRAY, { notNull: true, defaultText: "'{}'::text[]" }],
    ['profile', jsonb, { defaultText: "'{}'::jsonb" }],
    ['balance', numeric, { typmod: 786438, defaultText: '0' }],
    ['active', bool, { defaultText: 'true' }],
    ['born', date],
    ['created_at', timestamptz, { defaultText: 'now()' }],
    ['updated_at', timestamp, { typmod: 3 }],
    ['data', bytea],
    ['span', interval],
    ['code', TypeOid.name],
    ['letter', TypeOid.char],
  ),
  [
    { kind: 'check', oid: 16410, name: 'users_age_check', exprText: '(age > 0)', columns: [5], validated: true },
    { kind: 'primary key', oid: 16411, name: 'users_pkey', columns: [1], index: 16421, comment: 'the key' },
    { kind: 'unique', oid: 16412, name: 'users_uid_key', columns: [2], index: 16422 },
    { kind: 'unique', oid: 16413, name: 'users_email_key', columns: [3], index: 16423 },
  ],
  { acl: [grant(Oid.owner, ALL), grant(Oid.reader, SELECT)], comment: 'users', rowKey: [1] },
);

const posts = table(
  Oid.posts,
  'posts',
  columns(
    ['id', int8, { notNull: true, identity: { always: true, sequence: 16453 } }],
    ['user_id', int4, { notNull: true }],
    ['title', text, { notNull: true }],
    ['slug', text, { notNull: true }],
    ['lang', bpchar, { typmod: 6, notNull: true, defaultText: "'en'::bpchar" }],
    ['published', bool, { notNull: true, defaultText: 'false' }],
    ['size', int4, { generatedText: 'length(title)' }],
    ['gone', text, { dropped: true }],
  ),
  [
    { kind: 'primary key', oid: 16461, name: 'posts_pkey', columns: [1], index: 16471 },
    { kind: 'unique', oid: 16462, name: 'posts_slug_lang_key', columns: [4, 5], index: 16472 },
    {
      kind: 'foreign key',
      oid: 16463,
      name: 'posts_user_id_fkey',
      columns: [2],
      referencedTable: Oid.users,
      referencedColumns: [1],
      referencedIndex: 16421,
      match: 'simple',
      onDelete: 'cascade',
      onUpdate: 'no action',
      validated: true,
    },
  ],
  { acl: [grant(Oid.owner, ALL), grant(Oid.reader, INSERT_UPDATE, INSERT_UPDATE)], rowKey: [1] },
);

const tags = table(
  Oid.tags,
  'tags',
  columns(['id', int4, { notNull: true }], ['label', text]),
  [
    { kind: 'primary key', oid: 16511, name: 'tags_pkey', columns: [1], index: 16521 },
    { kind: 'unique', oid: 16512, name: 'tags_label_key', columns: [2], index: 16522, deferrable: true, initiallyDeferred: true },
  ],
  { rowKey: [1] },
);

const foreign = { match: 'simple', onDelete: 'cascade', onUpdate: 'no action', validated: true } as const;
const postTags = table(
  Oid.postTags,
  'post_tags',
  columns(['post_id', int8, { notNull: true }], ['tag_id', int4, { notNull: true }]),
  [
    { kind: 'primary key', oid: 16561, name: 'post_tags_pkey', columns: [1, 2], index: 16571 },
    {
      ...foreign,
      kind: 'foreign key',
      oid: 16562,
      name: 'post_tags_post_id_fkey',
      columns: [1],
      referencedTable: Oid.posts,
      referencedColumns: [1],
      referencedIndex: 16471,
    },
    {
      ...foreign,
      kind: 'foreign key',
      oid: 16563,
      name: 'Tag',
      columns: [2],
      referencedTable: Oid.tags,
      referencedColumns: [1],
      referencedIndex: 16521,
      onUpdate: 'set null',
      onDelete: 'restrict',
      deferrable: true,
    },
  ],
  { rowKey: [1, 2] },
);

const objects: readonly Descriptor[] = [
  { ...role('golden_owner', Oid.owner), canLogin: true, memberOf: [{ role: Oid.reader, admin: true, grantor: RoleOid.postgres }] },
  role('golden_reader', Oid.reader),
  {
    kind: 'schema',
    oid: Oid.app,
    name: 'app',
    owner: Oid.owner,
    acl: [grant(Oid.owner, 768), grant(Oid.reader, 256)],
    comment: 'ours',
  },
  users,
  posts,
  tags,
  postTags,
  index(16421, 'users_pkey', Oid.users, [key(1, int4)], { primary: true, constraint: 16411 }),
  index(16422, 'users_uid_key', Oid.users, [key(2, uuid)], { constraint: 16412 }),
  index(16423, 'users_email_key', Oid.users, [key(3, text)], { constraint: 16413 }),
  index(16424, 'users_name_idx', Oid.users, [key(4, varchar)]),
  index(16425, 'users_age', Oid.users, [key(5, int2, { descending: true }), key(4, varchar, { nullsFirst: true })], { comment: 'by age' }),
  index(
    16426,
    'users_lower',
    Oid.users,
    [key(0, text, { exprText: 'lower(email)' }), key(0, int4, { exprText: '(age + 1)' }), key(10, date)],
    { unique: true, including: [9], predicateText: 'active' },
  ),
  index(16471, 'posts_pkey', Oid.posts, [key(1, int8)], { primary: true, constraint: 16461 }),
  index(16472, 'posts_slug_lang_key', Oid.posts, [key(4, text), key(5, bpchar)], { constraint: 16462 }),
  index(16521, 'tags_pkey', Oid.tags, [key(1, int4)], { primary: true, constraint: 16511 }),
  index(16522, 'tags_label_key', Oid.tags, [key(2, text)], { constraint: 16512 }),
  index(16571, 'post_tags_pkey', Oid.postTags, [key(1, int8), key(2, int4)], { primary: true, constraint: 16561 }),
  sequence(16403, 'users_id_seq', { ownedBy: { table: Oid.users, column: 1 } }),
  sequence(16453, 'posts_id_seq', { type: int8, max: 9223372036854775807n, ownedBy: { table: Oid.posts, column: 1 }, identity: true }),
  sequence(16601, 's1', { increment: 5, max: 1000, cycle: true }),
  {
    ...owned,
    kind: 'view',
    oid: Oid.view,
    name: 'active_users',
    columns: columns(['id', int4], ['email', text]),
    queryText: 'SELECT id, email FROM users WHERE active',
    searchPath: ['app'],
    dependsOn: [Oid.users],
    rowType: 16602,
    rowArrayType: 16603,
    options: {},
    acl: [grant(Oid.owner, ALL), grant(0, SELECT)],
  },
];

let made = 0;

/** A catalog of the fixture's objects and others. */
export function catalogOf(...more: readonly Descriptor[]): LayeredCatalog {
  const bottom = new LayeredCatalog(builtin, undefined, bottomLayer(builtin, RoleOid.postgres), 'bottom');
  const all = [...initialDescriptors('secret'), ...objects, ...more];
  return new LayeredCatalog(
    builtin,
    bottom,
    new Layer(new Map(all.map((object) => [objectKey(object.kind, object.oid), object]))),
    `fixture ${++made}`,
  );
}

const relations = createVirtualRelations();

export function contextOf(catalog: LayeredCatalog, currentRole: number, more: Partial<VirtualContext> = {}): VirtualContext {
  return {
    catalog,
    currentRole,
    databaseName: 'virtual_golden',
    nowMicros: 820_454_400_000_000,
    sessionRows: () => undefined,
    slotOfUser: () => 7,
    slotShard: (slot) => slot % 4,
    estimatedRows: () => 12,
    sequenceLastValue: () => null,
    ...more,
  };
}

/** A virtual relation by `schema.name`. */
export function virtualRelation(catalog: LayeredCatalog, qualified: string): VirtualDescriptor {
  for (const relation of catalog.relations()) if (relation.kind === 'virtual' && relation.provider === qualified) return relation;
  throw new Error(`no such relation: ${qualified}`);
}

/** The rows of a relation; `equal` names columns. */
export function rowsOf(cx: VirtualContext, qualified: string, equal: Readonly<Record<string, SqlValue>> = {}): Row[] {
  const { table: relation, hints } = withHints(cx, qualified, equal);
  return [...relations.rows(relation, cx, hints)];
}

function withHints(cx: VirtualContext, qualified: string, equal: Readonly<Record<string, SqlValue>>) {
  const schema = cx.catalog.schema(qualified.slice(0, qualified.indexOf('.')));
  assert(schema !== undefined, `${qualified} has a schema`);
  const relation = cx.catalog.relation(schema.oid, qualified.slice(qualified.indexOf('.') + 1));
  assert(relation?.kind === 'virtual', `${qualified} is virtual`);
  const hints = new Map<number, SqlValue>();
  for (const [name, value] of Object.entries(equal)) {
    const column = relation.columns.find((candidate) => candidate.name === name);
    assert(column !== undefined, `${qualified} has ${name}`);
    hints.set(column.number, value);
  }
  return { table: relation, hints };
}

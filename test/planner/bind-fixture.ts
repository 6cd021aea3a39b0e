import { bottomLayer } from '../../src/catalog/bottom.js';
import { loadBuiltinCatalog } from '../../src/catalog/builtin/index.js';
import type {
  ColumnDescriptor,
  Constraint,
  Descriptor,
  IndexDescriptor,
  TableDescriptor,
  TableType,
  ViewDescriptor,
} from '../../src/catalog/descriptors.js';
import { initialDescriptors } from '../../src/catalog/initial.js';
import { Layer, objectKey } from '../../src/catalog/layer.js';
import { LayeredCatalog } from '../../src/catalog/layered-catalog.js';
import { storageId } from '../../src/commons/ids.js';
import { RoleOid, SchemaOid } from '../../src/commons/system-names.js';
import { bindStatement } from '../../src/planner/bind/bind.js';
import type { BoundStatement } from '../../src/planner/bind/logical.js';
import { printLogical } from '../../src/planner/bind/print/print-logical.js';
import type { PlannerContext } from '../../src/planner/context.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';
import { ArrayOid, TypeOid } from '../../src/types/oids.js';
import { typmodIn } from '../../src/types/typmod.js';

const APP_SCHEMA = 16500;
const OWNER = 16600;
const APP_ROLE = 16601;

type ColumnSpec = readonly [name: string, type: number, more?: Partial<ColumnDescriptor>];

let nextOid = 16700;

function table(
  name: string,
  schema: number,
  specs: readonly ColumnSpec[],
  more: { type?: TableType; key?: readonly number[]; constraints?: readonly Constraint[]; oid: number },
): TableDescriptor {
  const { oid } = more;
  const columns = specs.map(
    ([columnName, type, rest], i): ColumnDescriptor => ({
      number: i + 1,
      name: columnName,
      type,
      typmod: -1,
      notNull: false,
      ...rest,
    }),
  );
  const key: Constraint[] =
    more.key === undefined ? [] : [{ kind: 'primary key', oid: oid + 3, name: `${name}_pkey`, columns: more.key, index: oid + 4 }];
  return {
    kind: 'table',
    oid,
    name,
    owner: OWNER,
    schema,
    persistence: 'permanent',
    tableType: more.type ?? 'shared',
    storage: storageId(oid),
    serde: 'msgpack',
    columns,
    ...(more.key === undefined ? {} : { rowKey: more.key }),
    constraints: [...key, ...(more.constraints ?? [])],
    deletedRetentionMs: 0,
    rowType: oid + 1,
    rowArrayType: oid + 2,
    options: {},
  };
}

function index(of: TableDescriptor, name: string, columns: readonly number[], more: Partial<IndexDescriptor> = {}): IndexDescriptor {
  return {
    kind: 'index',
    oid: nextOid++,
    name,
    owner: OWNER,
    schema: of.schema,
    persistence: 'permanent',
    table: of.oid,
    storage: storageId(nextOid),
    clustered: false,
    unique: true,
    primary: false,
    columns: columns.map((column) => ({
      column,
      type: of.columns[column - 1]?.type ?? 0,
      descending: false,
      nullsFirst: false,
      opclass: 0,
    })),
    method: 'btree',
    ...more,
  };
}

function primaryIndex(of: TableDescriptor): IndexDescriptor {
  return index(of, `${of.name}_pkey`, of.rowKey ?? [], { oid: of.oid + 4, clustered: true, primary: true, constraint: of.oid + 3 });
}

function descriptors(): Descriptor[] {
  const users = table(
    'users',
    SchemaOid.public,
    [
      ['id', TypeOid.int8, { notNull: true }],
      ['name', TypeOid.text, { notNull: true }],
      ['email', TypeOid.varchar, { typmod: 44 }],
      ['age', TypeOid.int4],
      ['created', TypeOid.timestamptz, { defaultText: 'now()' }],
    ],
    { oid: 17000, key: [1], constraints: [{ kind: 'unique', oid: 17006, name: 'users_email_key', columns: [3], index: 17007 }] },
  );
  const orders = table(
    'orders',
    SchemaOid.public,
    [
      ['id', TypeOid.int4, { notNull: true, identity: { always: true, sequence: 17090 } }],
      ['user_id', TypeOid.int8],
      ['total', TypeOid.numeric, { typmod: typmodIn(TypeOid.numeric, [10, 2]) }],
      ['note', TypeOid.text, { defaultText: "'none'" }],
      ['tags', ArrayOid.text],
      ['data', TypeOid.jsonb],
    ],
    { oid: 17010, key: [1] },
  );
  const items = table(
    'items',
    SchemaOid.public,
    [
      ['order_id', TypeOid.int4, { notNull: true }],
      ['line', TypeOid.int4, { notNull: true }],
      ['name', TypeOid.text],
      ['qty', TypeOid.int2, { defaultText: '1' }],
      ['price', TypeOid.float8],
      ['cost', TypeOid.float8, { generatedText: 'qty * price' }],
    ],
    {
      oid: 17020,
      key: [1, 2],
      constraints: [{ kind: 'check', oid: 17026, name: 'items_qty_check', exprText: 'qty > 0', columns: [4], validated: true }],
    },
  );
  const todos = table(
    'todos',
    APP_SCHEMA,
    [
      ['id', TypeOid.int4, { notNull: true }],
      ['title', TypeOid.text],
      ['done', TypeOid.bool, { defaultText: 'false' }],
    ],
    { oid: 17030, key: [1], type: 'user' },
  );
  const events = table('events', APP_SCHEMA, [['what', TypeOid.text]], { oid: 17040, type: 'stream' });
  const adults: ViewDescriptor = {
    kind: 'view',
    oid: 17050,
    name: 'adults',
    owner: OWNER,
    schema: SchemaOid.public,
    persistence: 'permanent',
    columns: [
      { number: 1, name: 'id', type: TypeOid.int8, typmod: -1, notNull: false },
      { number: 2, name: 'name', type: TypeOid.text, typmod: -1, notNull: false },
    ],
    queryText: 'SELECT id, name FROM users WHERE age >= 18',
    searchPath: ['public'],
    dependsOn: [17000],
    rowType: 17051,
    rowArrayType: 17052,
    options: {},
  };
  return [
    ...initialDescriptors('secret'),
    { kind: 'schema', oid: APP_SCHEMA, name: 'app', owner: OWNER },
    users,
    primaryIndex(users),
    index(users, 'users_email_key', [3], { oid: 17007, constraint: 17006 }),
    orders,
    primaryIndex(orders),
    items,
    primaryIndex(items),
    index(items, 'items_name_key', [], {
      oid: 17027,
      columns: [{ column: 0, exprText: 'lower(name)', type: TypeOid.text, descending: false, nullsFirst: false, opclass: 0 }],
      predicateText: 'qty > 1',
    }),
    todos,
    primaryIndex(todos),
    events,
    adults,
    {
      kind: 'sequence',
      oid: 17060,
      name: 'counter',
      owner: OWNER,
      schema: SchemaOid.public,
      persistence: 'permanent',
      storage: storageId(17060),
      type: TypeOid.int8,
      start: 1,
      increment: 1,
      min: 1,
      max: 9223372036854775807n,
      cache: 1,
      cycle: false,
    },
  ];
}

/** The tables of bind-fixture.sql (and a stream table) as a catalog, and what it takes to bind statements on them. */
export interface Fixture {
  readonly cx: PlannerContext;
  readonly parser: Parser;
  bind(sql: string, more?: Partial<PlannerContext>): BoundStatement;
  plan(sql: string, more?: Partial<PlannerContext>): string;
}

export async function openFixture(): Promise<Fixture> {
  const builtin = loadBuiltinCatalog();
  const bottom = new LayeredCatalog(builtin, undefined, bottomLayer(builtin, RoleOid.postgres), 'bottom');
  const own = descriptors();
  const catalog = new LayeredCatalog(builtin, bottom, new Layer(new Map(own.map((d) => [objectKey(d.kind, d.oid), d]))), 'test');
  const parser = await loadParser();
  const cx: PlannerContext = {
    catalog,
    parser,
    searchPath: [SchemaOid.pgCatalog, SchemaOid.public],
    currentRole: APP_ROLE,
    paramTypes: [],
    allUsers: false,
    format: {
      dateStyle: 'ISO',
      dateOrder: 'MDY',
      intervalStyle: 'postgres',
      timeZone: 'UTC',
      extraFloatDigits: 1,
      byteaOutput: 'hex',
      transactionStartMicros: 0,
    },
    planning: {
      enableHashJoin: true,
      enableMergeJoin: true,
      enableNestedLoop: true,
      enableSequentialScan: true,
      enableIndexScan: true,
      enableHashAggregate: true,
      enableSort: true,
      workMemBytes: 4 << 20,
    },
  };
  const bind = (sql: string, more: Partial<PlannerContext> = {}): BoundStatement => {
    const [parsed] = parser.parse(sql);
    const statement = parsed?.statement;
    switch (statement?.type) {
      case 'select':
      case 'set operation':
      case 'values':
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
        return bindStatement(statement, { ...cx, ...more });
      default:
        throw new TypeError(`not a statement to bind: ${sql}`);
    }
  };
  return { cx, parser, bind, plan: (sql, more) => printLogical(bind(sql, more).plan) };
}

import type { Catalog } from '../catalog/catalog.js';
import type { RelationDescriptor, TableDescriptor, ViewDescriptor } from '../catalog/descriptors.js';
import type { Oid, Seq, UserId } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { bindStatement } from '../planner/bind/bind.js';
import type { SelectStatement } from '../planner/parse/ast.js';
import type { Transaction } from '../transaction/transaction.js';
import { analyseLiveQuery, sharedRefused } from './analyse.js';
import type { NotificationHub } from './hub.js';
import { LiveQuery } from './live-query.js';
import type { ListenContext, SessionNotifications, Subscriber } from './notifications.js';

/** PostgreSQL's limit for a channel's name: an identifier. */
const MAX_CHANNEL_BYTES = 63;

/** What one session listens to. LISTEN and UNLISTEN take effect when their transaction commits, in their order. */
export class NotificationsOfSession implements SessionNotifications {
  readonly #hub: NotificationHub;
  readonly #subscriber: Subscriber;
  readonly #catalog: Catalog;
  readonly #channels = new Set<string>();
  #hasListened = false;
  /** By channel: listening twice is once. */
  readonly #queries = new Map<string, LiveQuery>();
  /** Live queries registered by the transaction under way: they collect nothing, but know since when they count. */
  #pending: LiveQuery[] = [];

  constructor(hub: NotificationHub, subscriber: Subscriber, catalog: Catalog) {
    this.#hub = hub;
    this.#catalog = catalog;
    this.#subscriber = subscriber;
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  get liveQueryCount(): number {
    return this.#queries.size;
  }

  channels(): Iterable<string> {
    return [...this.#channels, ...this.#queries.keys()];
  }

  listen(channel: string, cx: ListenContext): void {
    this.#hasListened = true;
    const relation = findRelation(channel, cx);
    if (relation === undefined) {
      if (Buffer.byteLength(channel) > MAX_CHANNEL_BYTES) throw new SqlError(SqlState.invalidParameterValue, 'channel name too long');
      cx.transaction.onCommit(() => {
        this.#channels.add(channel);
        this.#hub.addChannel(this.#catalog.database, channel, this.#subscriber);
      }, true);
      return;
    }
    this.#listenLive(channel, liveRelation(relation), cx);
  }

  #listenLive(channel: string, relation: TableDescriptor | ViewDescriptor, cx: ListenContext): void {
    const { options } = this.#hub;
    if (!this.#queries.has(channel) && this.#queries.size + this.#pending.length >= options.maxLiveQueriesPerSession) {
      throw new SqlError(SqlState.configurationLimitExceeded, `this session has ${options.maxLiveQueriesPerSession} live queries already`, {
        hint: 'Raise kalamdb.max_live_queries_per_session, or UNLISTEN what is not needed.',
      });
    }
    const statement = wholeRelation(relation, cx);
    // A function that is put in place would stay as it is now.
    const bound = bindStatement(statement, { ...cx.planner, keepsCalls: true });
    cx.checkPrivileges(bound.privileges);
    const plan = analyseLiveQuery(bound, relation.name);
    const query = new LiveQuery({
      id: this.#hub.nextId(),
      channel,
      relation: relation.oid,
      relationName: relation.name,
      plan,
      filterText: cx.printConditions(plan.conditions),
      user: cx.actingUser,
      subscriber: this.#subscriber,
      sinceMicros: cx.transaction.startMicros,
      sinceSeq: options.transactions.lastSeq,
      library: options.library,
      format: this.#subscriber.format(),
      stillMay: (catalog) => cx.stillMay(bound.privileges, catalog),
    });
    this.#register(query, cx.transaction);
  }

  /** Registered at once, so that no commit between the transaction's snapshot and its end is missed; held back until it commits. */
  #register(query: LiveQuery, transaction: Transaction): void {
    this.#pending.push(query);
    query.hold();
    this.#hub.addQuery(query, this.#catalog, (ended) => this.#forget(ended));
    transaction.onCommit(() => {
      // It may have ended before it began: its relation was altered meanwhile.
      if (!this.#pending.includes(query)) return;
      this.#pending = this.#pending.filter((pending) => pending !== query);
      const before = this.#queries.get(query.channel);
      if (before !== undefined) this.#hub.removeQuery(before);
      this.#queries.set(query.channel, query);
      query.deliver();
    }, true);
    transaction.onRollback(() => {
      this.#pending = this.#pending.filter((pending) => pending !== query);
      this.#hub.removeQuery(query);
    });
  }

  unlisten(channel: string | undefined, transaction: Transaction): void {
    if (!this.#hasListened) return;
    transaction.onCommit(() => {
      if (channel === undefined) this.#dropAll();
      else this.#drop(channel);
    }, true);
  }

  noteRead(reads: readonly Oid[], seq: Seq): void {
    for (const query of this.#pending) if (reads.includes(query.table.oid)) query.sinceSeq = seq;
  }

  actingUserChanged(user: UserId): number {
    let ended = 0;
    for (const [channel, query] of this.#queries) {
      if (query.user === user) continue;
      this.#drop(channel);
      ended++;
    }
    return ended;
  }

  close(): void {
    this.#dropAll();
    for (const query of this.#pending) this.#hub.removeQuery(query);
    this.#pending = [];
  }

  /** What is listened to by now; a LISTEN that comes later in the same transaction stands. */
  #dropAll(): void {
    for (const channel of [...this.#channels, ...this.#queries.keys()]) this.#drop(channel);
  }

  #drop(channel: string): void {
    if (this.#channels.delete(channel)) this.#hub.removeChannel(this.#catalog.database, channel, this.#subscriber);
    const query = this.#queries.get(channel);
    if (query === undefined) return;
    this.#queries.delete(channel);
    this.#hub.removeQuery(query);
  }

  #forget(query: LiveQuery): void {
    if (this.#queries.get(query.channel) === query) this.#queries.delete(query.channel);
    this.#pending = this.#pending.filter((pending) => pending !== query);
  }
}

/** "schema.name" and plain names; what resolves to nothing is a channel. */
function findRelation(channel: string, cx: ListenContext): RelationDescriptor | undefined {
  const dot = channel.indexOf('.');
  if (dot > 0) {
    const schema = cx.catalog.schema(channel.slice(0, dot));
    return schema === undefined ? undefined : cx.catalog.relation(schema.oid, channel.slice(dot + 1));
  }
  for (const schema of cx.planner.searchPath) {
    const relation = cx.catalog.relation(schema, channel);
    if (relation !== undefined) return relation;
  }
  return undefined;
}

/** @throws SqlError for relations that have no rows to listen to, and shared tables */
function liveRelation(relation: RelationDescriptor): TableDescriptor | ViewDescriptor {
  switch (relation.kind) {
    case 'view':
      return relation;
    case 'table':
      if (relation.tableType === 'shared' || relation.tableType === 'system') throw sharedRefused(relation.name, relation.name);
      return relation;
    case 'virtual':
      throw new SqlError(SqlState.featureNotSupported, `cannot listen to system relation "${relation.name}" yet`);
    case 'sequence':
    case 'index':
    case 'composite':
      throw new SqlError(SqlState.wrongObjectType, `cannot listen to ${relation.kind} "${relation.name}"`);
  }
}

/** SELECT * FROM relation, as a syntax tree. */
function wholeRelation(relation: TableDescriptor | ViewDescriptor, cx: ListenContext): SelectStatement {
  const schema = cx.catalog.schemaByOid(relation.schema)?.name;
  return {
    type: 'select',
    columns: [{ expr: { type: 'ref', name: '*', star: true } }],
    from: [{ type: 'table', name: schema === undefined ? { name: relation.name } : { schema, name: relation.name } }],
  };
}

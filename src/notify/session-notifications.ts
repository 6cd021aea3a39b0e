import type { Catalog, CatalogSnapshot } from '../catalog/catalog.js';
import type { Oid, Seq, UserId } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { bindStatement } from '../planner/bind/bind.js';
import type { BoundStatement } from '../planner/bind/logical.js';
import type { ReadView, Transaction } from '../transaction/transaction.js';
import { rowsInView } from './fill-group.js';
import { formatKey, frozenFormat } from './frozen-format.js';
import type { NotificationHub } from './hub.js';
import type { ListenOptions } from './listen-options.js';
import { type ListenTarget, listenTarget } from './listen-target.js';
import { LiveGroup } from './live/live-group.js';
import { compileProgram, type LiveProgram } from './live/live-program.js';
import { LiveQuery } from './live-query.js';
import type { ListenContext, SessionNotifications, Subscriber } from './notifications.js';

/** PostgreSQL's limit for a channel's name: an identifier. */
const MAX_CHANNEL_BYTES = 63;
/** kalamdb.changes reads once: shared tables may as well be among what it reads. */
const ANY_TABLES: ListenOptions = { snapshotShared: true };

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

  listen(channel: string, options: ListenOptions, cx: ListenContext): MaybePromise<void> {
    this.#hasListened = true;
    const target = listenTarget(channel, options, cx);
    if (target === undefined) {
      if (Buffer.byteLength(channel) > MAX_CHANNEL_BYTES) throw new SqlError(SqlState.invalidParameterValue, 'channel name too long');
      cx.transaction.onCommit(() => {
        this.#channels.add(channel);
        this.#hub.addChannel(this.#catalog.database, channel, this.#subscriber);
      }, true);
      return;
    }
    return this.#listenLive(channel, target, options, cx);
  }

  #listenLive(channel: string, target: ListenTarget, asked: ListenOptions, cx: ListenContext): MaybePromise<void> {
    const { options } = this.#hub;
    if (!this.#queries.has(channel) && this.#queries.size + this.#pending.length >= options.maxLiveQueriesPerSession) {
      throw new SqlError(SqlState.configurationLimitExceeded, `this session has ${options.maxLiveQueriesPerSession} live queries already`, {
        hint: 'Raise kalamdb.max_live_queries_per_session, or UNLISTEN what is not needed.',
      });
    }
    const bound = this.#bind(target, cx);
    const relations = relationsOf(bound, cx.catalog);
    const group = this.#groupOf(bound, target, relations, asked, cx);
    const query = new LiveQuery({
      id: this.#hub.nextId(),
      channel,
      relation: target.relation,
      relationName: target.name,
      group,
      queryText: target.queryText,
      relations,
      user: cx.actingUser,
      subscriber: this.#subscriber,
      sinceMicros: cx.transaction.startMicros,
      sinceSeq: options.transactions.lastSeq,
      stillMay: (catalog) => cx.stillMay(bound.privileges, catalog),
    });
    this.#register(query, cx.transaction);
    return this.#hub.filled(group, cx.interrupt);
  }

  changes(name: string, since: number | bigint | undefined, view: ReadView, cx: ListenContext): MaybePromise<readonly string[]> {
    const target = listenTarget(name, ANY_TABLES, cx);
    if (target === undefined) throw new SqlError(SqlState.undefinedTable, `relation "${name}" does not exist`);
    const bound = this.#bind(target, cx);
    const program = this.#programOf(bound, target, relationsOf(bound, cx.catalog), ANY_TABLES, cx).program;
    const { options } = this.#hub;
    const group = new LiveGroup('', program, cx.actingUser, frozenFormat(this.#subscriber.format()), options.maxLiveQueryBytes);
    const read = rowsInView(view, options.access, cx.actingUser, cx.interrupt);
    return since === undefined ? group.all(view.seq, read) : group.since(Number(since) as Seq, view.seq, read);
  }

  /** @throws SqlError 42501 */
  #bind(target: ListenTarget, cx: ListenContext): BoundStatement {
    // A function that is put in place would stay as it is now.
    const bound = bindStatement(target.statement, { ...cx.planner, keepsCalls: true, allUsers: false });
    cx.checkPrivileges(bound.privileges);
    return bound;
  }

  /** Who asks for the same of the same rows has it with all others who do. */
  #groupOf(bound: BoundStatement, target: ListenTarget, relations: readonly Oid[], asked: ListenOptions, cx: ListenContext): LiveGroup {
    const { program, meaning } = this.#programOf(bound, target, relations, asked, cx);
    const own = meaning === undefined || program.isOfSession ? `#${this.#hub.nextId()}` : meaning;
    const key = `${cx.actingUser}|${own}`;
    const format = frozenFormat(this.#subscriber.format());
    return this.#hub.groupOf(key, () => new LiveGroup(key, program, cx.actingUser, format, this.#hub.options.maxLiveQueryBytes));
  }

  /** @returns the program, and what else has the same; undefined: it is this session's own */
  #programOf(
    bound: BoundStatement,
    target: ListenTarget,
    relations: readonly Oid[],
    asked: ListenOptions,
    cx: ListenContext,
  ): { readonly program: LiveProgram; readonly meaning: string | undefined } {
    const { options } = this.#hub;
    const { committed } = this.#catalog;
    const format = this.#subscriber.format();
    const role = cx.catalog.hasRowSecurity ? cx.planner.currentRole : '';
    const meaning =
      target.meaning !== undefined && areCommitted(relations, cx.catalog, committed)
        ? `${this.#catalog.database}|${committed.key}|${formatKey(format)}|${role}|${asked.snapshotShared}|${target.meaning}`
        : undefined;
    const compile = (): LiveProgram =>
      compileProgram(bound, target.name, asked, { planner: cx.planner, library: options.library, evaluate: cx.evaluate });
    return { program: meaning === undefined ? compile() : this.#hub.programOf(meaning, compile), meaning };
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
    for (const query of this.#pending) if ([...query.group.tables.keys()].every((table) => reads.includes(table))) query.sinceSeq = seq;
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

/** All that a query reads: what it names and views name, and what belongs to tables with descendants. */
function relationsOf(bound: BoundStatement, catalog: CatalogSnapshot): readonly Oid[] {
  const oids = new Set<Oid>();
  const add = (oid: Oid): void => {
    if (oids.has(oid)) return;
    oids.add(oid);
    for (const child of catalog.childrenOf(oid)) add(child.oid);
  };
  for (const { objectKind, oid } of bound.privileges) if (objectKind === 'table') add(oid);
  return [...oids];
}

/** The transaction sees these relations as everybody does: it has not changed them itself. */
function areCommitted(relations: readonly Oid[], own: CatalogSnapshot, committed: CatalogSnapshot): boolean {
  return relations.every((oid) => {
    const relation = committed.relationByOid(oid);
    return relation === undefined ? own.relationByOid(oid)?.kind === 'view' : relation === own.relationByOid(oid);
  });
}

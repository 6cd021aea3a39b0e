import type { Catalog, CatalogSnapshot } from '../catalog/catalog.js';
import { assert } from '../commons/assert.js';
import type { Oid, Seq, UserId } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { optimizeOptions } from '../executor/constant-evaluator.js';
import { bindStatement } from '../planner/bind/bind.js';
import type { BoundStatement, RequiredPrivilege } from '../planner/bind/logical.js';
import { optimize } from '../planner/optimize/optimize.js';
import { purgeHorizon } from '../transaction/purge-horizon.js';
import type { ReadView, Transaction } from '../transaction/transaction.js';
import type { SqlValue } from '../types/value.js';
import { rowsInView } from './fill-group.js';
import { formatKey, frozenFormat } from './frozen-format.js';
import type { NotificationHub } from './hub.js';
import { type ListenOptions, MAX_CHANNEL_BYTES } from './listen-options.js';
import { isSelect, type ListenTarget, listenTarget, QUERY_NAME, queryMeaning } from './listen-target.js';
import { compileProgram, planningByHash } from './live/compile-program.js';
import { LiveGroup, type ReadRows } from './live/live-group.js';
import type { LiveProgram } from './live/live-program.js';
import { LiveQuery, type QueryOwner } from './live-query.js';
import type { ListenContext, SessionNotifications, Subscriber } from './notifications.js';
import { payloadColumn } from './payload.js';
import { QueriesOfSession } from './queries-of-session.js';
import { refreshableTables, refreshInterval } from './refresh/refreshable.js';
import { RefreshedGroup } from './refresh/refreshed-group.js';
import { refreshedPlan } from './refresh/refreshed-plan.js';
import { RefreshedRows } from './refresh/refreshed-rows.js';

/** Of one session, besides its live queries. */
const MAX_CHANNELS = 100_000;
/** kalamdb.changes reads once: shared tables may as well be among what it reads. */
const ANY_TABLES: ListenOptions = { snapshotShared: true };

/** What one session listens to. LISTEN and UNLISTEN take effect when their transaction commits, in their order. */
export class NotificationsOfSession implements SessionNotifications, QueryOwner {
  readonly #hub: NotificationHub;
  readonly #subscriber: Subscriber;
  readonly catalog: Catalog;
  readonly #channels = new Set<string>();
  #hasListened = false;
  readonly #queries = new QueriesOfSession();
  /** Live queries registered by the transaction under way: they collect nothing, but know since when they count. */
  #pending: LiveQuery[] = [];

  constructor(hub: NotificationHub, subscriber: Subscriber, catalog: Catalog) {
    this.#hub = hub;
    this.catalog = catalog;
    this.#subscriber = subscriber;
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  get liveQueryCount(): number {
    return this.#queries.size;
  }

  channels(): Iterable<string> {
    return new Set([...this.#channels, ...this.#queries.all().map((query) => query.channel)]);
  }

  listen(channel: string, options: ListenOptions, cx: ListenContext): MaybePromise<void> {
    this.#hasListened = true;
    const known = this.#known(channel, options, cx);
    if (known !== undefined) {
      this.#checkMayListen(options.channel ?? channel, options, cx);
      const user = options.user ?? cx.actingUser;
      const group = this.#hub.groups.groupOf(known, this.catalog, user, settled(known, user, cx));
      return this.#begin(options.channel ?? channel, { name: QUERY_NAME, queryText: channel }, group, known.parts.privileges, options, cx);
    }
    const target = listenTarget(channel, options, cx);
    if (target === undefined) {
      // Options are for live queries: a name that is misspelt is no channel then.
      if (hasOptions(options)) throw new SqlError(SqlState.undefinedTable, `relation "${channel}" does not exist`);
      if (Buffer.byteLength(channel) > MAX_CHANNEL_BYTES) throw new SqlError(SqlState.invalidParameterValue, 'channel name too long');
      if (this.#channels.size >= MAX_CHANNELS && !this.#channels.has(channel))
        throw new SqlError(SqlState.configurationLimitExceeded, `this session listens on ${MAX_CHANNELS} channels already`);
      cx.transaction.onCommit(() => {
        this.#channels.add(channel);
        this.#hub.addChannel(this.catalog.database, channel, this.#subscriber);
      }, true);
      return;
    }
    return this.#listenLive(options.channel ?? channel, target, options, cx);
  }

  /** @throws SqlError 42501, 54000 */
  #checkMayListen(channel: string, asked: ListenOptions, cx: ListenContext): void {
    const { options } = this.#hub;
    if (asked.user !== undefined && asked.user !== cx.actingUser) cx.checkMayActFor();
    if (
      this.#queries.get(channel, asked.user) === undefined &&
      this.#queries.size + this.#pending.length >= options.maxLiveQueriesPerSession
    ) {
      throw new SqlError(SqlState.configurationLimitExceeded, `this session has ${options.maxLiveQueriesPerSession} live queries already`, {
        hint: 'Raise kalamdb.max_live_queries_per_session, or UNLISTEN what is not needed.',
      });
    }
  }

  /** A query given as text that others have asked for: it is not read again. */
  #known(text: string, asked: ListenOptions, cx: ListenContext): LiveProgram | undefined {
    // What is the session's own, or the transaction's, may have another's name.
    if (asked.refreshMs !== undefined || cx.catalog.key !== this.catalog.committed.key) return undefined;
    const meaning = queryMeaning(text, cx);
    const known = meaning === undefined ? undefined : this.#hub.knownProgram(this.#programKey(meaning, asked, cx));
    if (known !== undefined) cx.checkPrivileges(known.parts.privileges);
    return known;
  }

  #listenLive(channel: string, target: ListenTarget, asked: ListenOptions, cx: ListenContext): MaybePromise<void> {
    this.#checkMayListen(channel, asked, cx);
    const bound = this.#bind(target, cx);
    const relations = relationsOf(bound, cx.catalog);
    const refreshMs = refreshInterval(relations, asked, cx);
    const group =
      refreshMs === undefined
        ? hinting(() => this.#groupOf(bound, target, relations, asked, cx))
        : this.#refreshed(bound, target, relations, refreshMs, asked, cx);
    const { parts } = group.kind === 'kept' ? group.program : group;
    const privileges = samePrivileges(parts.privileges, bound.privileges) ? parts.privileges : bound.privileges;
    return this.#begin(channel, target, group, privileges, asked, cx);
  }

  #begin(
    channel: string,
    target: Pick<ListenTarget, 'name' | 'queryText'>,
    group: LiveGroup | RefreshedGroup,
    privileges: readonly RequiredPrivilege[],
    asked: ListenOptions,
    cx: ListenContext,
  ): MaybePromise<void> {
    const { options } = this.#hub;
    const query = new LiveQuery({
      id: this.#hub.nextId(),
      // There may be very many: what says the same is kept once.
      channel: channel === target.queryText ? target.queryText : channel,
      relationName: target.name,
      queryText: target.queryText,
      group,
      namedUser: asked.user,
      subscriber: this.#subscriber,
      owner: this,
      listener: cx.listener,
      privileges,
      sinceMicros: cx.transaction.startMicros,
      sinceSeq: options.transactions.lastSeq,
    });
    this.#register(query, cx.transaction);
    if (group.kind === 'refreshed') return group.begin();
    const underway = options.transactions.underway();
    if (underway === undefined) return this.#hub.groups.filled(group, cx.interrupt);
    return underway.then(() => {
      query.beginAt(options.transactions.lastSeq);
      return this.#hub.groups.filled(group, cx.interrupt);
    });
  }

  /** @throws SqlError 0A000 */
  #refreshed(
    bound: BoundStatement,
    target: ListenTarget,
    relations: readonly Oid[],
    intervalMs: number,
    asked: ListenOptions,
    cx: ListenContext,
  ): RefreshedGroup {
    const tables = refreshableTables(target, relations, asked, cx.catalog);
    const { library, maxLiveQueryBytes } = this.#hub.options;
    const planned = optimize(bound, planningByHash(cx.planner), optimizeOptions(library, cx.planner.format));
    const { key, isOfTime, callsRoutines } = refreshedPlan(planned);
    const columns = bound.columns.map(({ name, type }) => payloadColumn(name, type));
    const user = asked.user ?? cx.actingUser;
    const [inner] = target.ofTemporaryView === undefined ? [target.statement] : cx.parse(target.ofTemporaryView.text);
    assert(inner !== undefined && isSelect(inner), 'a view is a query');
    const group = new RefreshedGroup({
      catalog: this.catalog,
      parts: { relations, privileges: bound.privileges },
      user,
      tables,
      query: cx.repeated(inner, { path: target.ofTemporaryView?.path, user, isAlone: callsRoutines }),
      rows: new RefreshedRows(columns, key, frozenFormat(this.#subscriber.format()), maxLiveQueryBytes),
      intervalMs,
      isOfTime,
      listener: this.#hub,
    });
    this.#hub.addRefreshed(group);
    return group;
  }

  changes(name: string, since: number | bigint | undefined, view: ReadView, cx: ListenContext): MaybePromise<readonly string[]> {
    const program = this.#known(name, ANY_TABLES, cx) ?? this.#programNamed(name, cx);
    const { options } = this.#hub;
    const group = new LiveGroup(program, cx.actingUser, settled(program, cx.actingUser, cx), options.maxLiveQueryBytes);
    const read = rowsInView(view, options.access, cx.actingUser, cx.interrupt);
    this.noteRead(program.parts.reads, view.seq);
    if (since === undefined) return group.all(view.seq, read);
    return this.#since(group, Number(since) as Seq, view, read);
  }

  /** @throws SqlError 42P01 */
  #programNamed(name: string, cx: ListenContext): LiveProgram {
    const target = listenTarget(name, ANY_TABLES, cx);
    if (target === undefined) throw new SqlError(SqlState.undefinedTable, `relation "${name}" does not exist`);
    const bound = this.#bind(target, cx);
    return this.#programOf(bound, target, relationsOf(bound, cx.catalog), ANY_TABLES, cx);
  }

  /** @throws SqlError 58P01 where rows may have gone without a trace since: by a purge, or with the storage that they were in */
  async #since(group: LiveGroup, since: Seq, view: ReadView, read: ReadRows): Promise<readonly string[]> {
    if (since > view.seq) throw tooOld(since);
    for (const { oid, storage } of group.tables.values()) {
      const written = await this.catalog.writtenBy(view, 'table', oid);
      if ((written ?? 0) > since || (await purgeHorizon(view, this.#hub.options.transactions.store, storage)) > since) throw tooOld(since);
    }
    return group.since(since, view.seq, read);
  }

  /** @throws SqlError 42501 */
  #bind(target: ListenTarget, cx: ListenContext): BoundStatement {
    const bound = bindStatement(target.statement, { ...cx.planner, allUsers: false });
    cx.checkPrivileges(bound.privileges);
    return bound;
  }

  #groupOf(bound: BoundStatement, target: ListenTarget, relations: readonly Oid[], asked: ListenOptions, cx: ListenContext): LiveGroup {
    const program = this.#programOf(bound, target, relations, asked, cx);
    const user = asked.user ?? cx.actingUser;
    return this.#hub.groups.groupOf(program, this.catalog, user, settled(program, user, cx));
  }

  /** Shared by all who ask for what means the same. */
  #programOf(bound: BoundStatement, target: ListenTarget, relations: readonly Oid[], asked: ListenOptions, cx: ListenContext): LiveProgram {
    const { committed } = this.catalog;
    const format = this.#subscriber.format();
    const compile = (): LiveProgram =>
      compileProgram(bound, { name: target.name, relations }, asked, {
        planner: cx.planner,
        library: this.#hub.options.library,
        format: frozenFormat(format),
      });
    if (target.meaning === undefined || !areCommitted(relations, bound.privileges, cx.catalog, committed)) return compile();
    return this.#hub.programOf(this.#programKey(target.meaning, asked, cx), compile);
  }

  #programKey(meaning: string, { snapshotShared }: ListenOptions, cx: ListenContext): string {
    const role = cx.catalog.hasRowSecurity ? cx.planner.currentRole : '';
    const format = formatKey(this.#subscriber.format());
    return `${this.catalog.database}|${this.catalog.committed.key}|${format}|${role}|${snapshotShared}|${meaning}`;
  }

  /** Registered at once, so that no commit between the transaction's snapshot and its end is missed; held back until it commits. */
  #register(query: LiveQuery, transaction: Transaction): void {
    this.#pending.push(query);
    query.hold();
    this.#hub.addQuery(query);
    transaction.onCommit(() => {
      // It may have ended before it began: its relation was altered meanwhile.
      if (!this.#pending.includes(query)) return;
      this.#pending = this.#pending.filter((pending) => pending !== query);
      const before = this.#queries.add(query);
      if (before !== undefined) this.#hub.removeQuery(before);
      query.deliver();
      if (query.group.kind === 'refreshed') query.group.start();
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
    for (const query of this.#pending) {
      const { group } = query;
      const tables = group.kind === 'kept' ? group.program.parts.reads : [...group.tables.keys()];
      if (tables.every((table) => reads.includes(table))) query.readAt(seq);
    }
  }

  actingUserChanged(user: UserId): number {
    let ended = 0;
    for (const query of this.#queries.all()) {
      if (query.user === user || query.namedUser !== undefined) continue;
      this.#end(query);
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
    for (const channel of [...this.#channels]) this.#drop(channel);
    for (const query of this.#queries.all()) this.#end(query);
  }

  #drop(channel: string): void {
    if (this.#channels.delete(channel)) this.#hub.removeChannel(this.catalog.database, channel, this.#subscriber);
    for (const query of this.#queries.all()) if (query.channel === channel) this.#end(query);
  }

  #end(query: LiveQuery): void {
    this.#queries.delete(query);
    this.#hub.removeQuery(query);
  }

  ended(query: LiveQuery): void {
    this.#queries.delete(query);
    this.#pending = this.#pending.filter((pending) => pending !== query);
  }
}

/** What can't be kept up by changes can be run again. @throws as `make`, with that hint */
function hinting<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SqlError) || error.code !== SqlState.featureNotSupported || error.fields.hint !== undefined) throw error;
    throw new SqlError(error.code, error.message, { ...error.fields, hint: REFRESH_HINT });
  }
}

const REFRESH_HINT = "LISTEN … WITH (refresh = '1 s') runs the query again every second, and tells what has changed.";

function hasOptions({ snapshotShared, user, channel, refreshMs }: ListenOptions): boolean {
  return snapshotShared || user !== undefined || channel !== undefined || refreshMs !== undefined;
}

function tooOld(since: Seq): SqlError {
  return new SqlError(SqlState.undefinedFile, `what has changed since commit ${since} is not known`, {
    hint: 'Read all rows anew: kalamdb.changes() without `since`.',
  });
}

/** The values of a program's parameters for a session as it is now. */
function settled({ parts }: LiveProgram, user: UserId, cx: ListenContext): readonly SqlValue[] {
  return parts.parameters.map((expr) => cx.evaluate(expr, user));
}

/** Of a view that somebody else owns, it is another role that must be allowed. */
function samePrivileges(some: readonly RequiredPrivilege[], others: readonly RequiredPrivilege[]): boolean {
  return (
    some.length === others.length &&
    some.every((privilege, i) => {
      const other = others[i];
      return (
        other !== undefined &&
        privilege.objectKind === other.objectKind &&
        privilege.oid === other.oid &&
        privilege.privileges === other.privileges &&
        privilege.asRole === other.asRole &&
        privilege.columns?.join() === other.columns?.join()
      );
    })
  );
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

/** The transaction sees these relations, and the functions among what it may use, as everybody does: it has not changed them itself. */
function areCommitted(
  relations: readonly Oid[],
  privileges: readonly RequiredPrivilege[],
  own: CatalogSnapshot,
  committed: CatalogSnapshot,
): boolean {
  if (privileges.some(({ objectKind, oid }) => objectKind === 'function' && committed.routine(oid) !== own.routine(oid))) return false;
  return relations.every((oid) => {
    const relation = committed.relationByOid(oid);
    return relation === undefined ? own.relationByOid(oid)?.kind === 'view' : relation === own.relationByOid(oid);
  });
}

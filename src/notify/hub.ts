import type { Logger } from 'pino';
import type { Catalog, CatalogSnapshot, Catalogs } from '../catalog/catalog.js';
import type { Clock } from '../commons/clock.js';
import type { Oid, Seq } from '../commons/ids.js';
import { NotificationBatch } from '../commons/notification-batch.js';
import type { TableAccess } from '../executor/access/table-access.js';
import type { FunctionLibrary } from '../executor/functions/implementation.js';
import type { Space } from '../store/store.js';
import type { CommitEvent, CommitObserver, CommittedChange, TransactionManager } from '../transaction/transaction.js';
import type { Row } from '../types/value.js';
import { changedFunction, changeOf } from './changed-relations.js';
import { mayListen, sameRights } from './listener.js';
import type { LiveGroup } from './live/live-group.js';
import type { LiveProgram } from './live/live-program.js';
import { idOfKey } from './live/row-identity.js';
import { type Origin, ToldCommit } from './live/told-commit.js';
import { LiveGroups } from './live-groups.js';
import type { LiveQuery } from './live-query.js';
import type { Notifications, SessionNotifications, Subscriber } from './notifications.js';
import { endPayload, resyncPayload } from './payload.js';
import { RefreshedGroup, type RefreshListener } from './refresh/refreshed-group.js';
import { RefreshedGroups } from './refresh/refreshed-groups.js';
import { NotificationsOfSession } from './session-notifications.js';
import type { TableWatch } from './table-watch.js';

export interface HubOptions {
  readonly catalogs: Pick<Catalogs, 'committedShared'>;
  readonly transactions: TransactionManager;
  readonly access: TableAccess;
  readonly clock: Clock;
  readonly library: FunctionLibrary;
  readonly logger: Logger;
  /** Bytes that may wait for a client before its live queries turn to resync. */
  readonly maxQueuedBytes: number;
  readonly maxLiveQueriesPerSession: number;
  /** Bytes that one live query may remember. */
  readonly maxLiveQueryBytes: number;
}

interface SeenCatalog {
  readonly catalog: CatalogSnapshot;
  /** Roles, for all databases. */
  readonly shared: CatalogSnapshot;
}

/** All that is listened to on this server: channels by name, live queries by table and user. */
export class NotificationHub implements Notifications, CommitObserver, RefreshListener {
  readonly options: HubOptions;
  /** By database and name. */
  readonly #channels = new Map<string, Set<Subscriber>>();
  readonly groups: LiveGroups;
  readonly #programs = new Map<string, LiveProgram>();
  readonly #queries = new Map<number, LiveQuery>();
  /** Those that may have lost their right to listen. */
  readonly #suspects = new Set<LiveQuery>();
  #isAsking = false;
  readonly #touched = new Set<LiveGroup>();
  readonly #refreshed = new RefreshedGroups();
  /** Of each database with live queries: the state of its catalog that they are known to be right in. */
  readonly #seen = new Map<Catalog, SeenCatalog>();
  #nextId = 1;

  constructor(options: HubOptions) {
    this.options = options;
    this.groups = new LiveGroups({
      ...options,
      caughtUp: (group, commits) => {
        for (const commit of commits) for (const query of group.members) this.#deliver(query, commit);
      },
    });
    options.transactions.subscribe(this);
  }

  open(subscriber: Subscriber, catalog: Catalog): SessionNotifications {
    return new NotificationsOfSession(this, subscriber, catalog);
  }

  nextId(): number {
    return this.#nextId++;
  }

  addChannel(database: Oid, channel: string, subscriber: Subscriber): void {
    const key = channelKey(database, channel);
    const subscribers = this.#channels.get(key);
    if (subscribers === undefined) this.#channels.set(key, new Set([subscriber]));
    else subscribers.add(subscriber);
  }

  removeChannel(database: Oid, channel: string, subscriber: Subscriber): void {
    const key = channelKey(database, channel);
    const subscribers = this.#channels.get(key);
    subscribers?.delete(subscriber);
    if (subscribers?.size === 0) this.#channels.delete(key);
  }

  // ------------------------------------------------------------ live queries

  /** One that somebody has asked for, of late. */
  knownProgram(meaning: string): LiveProgram | undefined {
    return this.#programs.get(meaning);
  }

  /** A compiled query, by what it means: the same for all who listen to it. */
  programOf(meaning: string, compile: () => LiveProgram): LiveProgram {
    const known = this.#programs.get(meaning);
    if (known !== undefined) return known;
    const program = compile();
    if (this.#programs.size >= MAX_PROGRAMS) this.#programs.clear();
    this.#programs.set(meaning, program);
    return program;
  }

  addQuery(query: LiveQuery): void {
    const { catalog } = query.owner;
    query.group.members.add(query);
    this.#queries.set(query.id, query);
    if (!this.#seen.has(catalog)) this.#seen.set(catalog, { catalog: catalog.committed, shared: this.options.catalogs.committedShared });
  }

  removeQuery(query: LiveQuery): void {
    const { group } = query;
    group.members.delete(query);
    this.#queries.delete(query.id);
    this.#suspects.delete(query);
    if (group.kind === 'kept') {
      this.groups.release(group);
      return;
    }
    this.#refreshed.remove(group);
    group.close();
  }

  /** From now on it hears of changes of what it reads. */
  addRefreshed(group: RefreshedGroup): void {
    this.#refreshed.add(group);
  }

  changed(group: RefreshedGroup, seq: Seq, payloads: readonly string[]): void {
    for (const query of group.members) {
      const origin = { seq, backendPid: query.subscriber.pid };
      if (this.#keepsUp(query, origin)) query.send(new ToldCommit(origin, payloads));
    }
  }

  /** One query's failure (a division by zero in its filter) ends that query and touches no other. */
  failed(group: LiveGroup | RefreshedGroup, error: unknown): void {
    this.options.logger.warn({ err: error, liveQueries: [...group.members].map(({ id }) => id) }, 'a live query ended with an error');
    this.#endAll(group, error instanceof Error ? error.message : String(error));
  }

  cancelLiveQuery(id: number | bigint): boolean {
    const query = this.#queries.get(Number(id));
    if (query === undefined) return false;
    this.#end(query, 'cancelled');
    return true;
  }

  get liveQueryCount(): number {
    return this.#queries.size;
  }

  *liveQueryRows(): Iterable<Row> {
    for (const query of this.#queries.values())
      yield [
        query.id,
        query.subscriber.pid,
        query.user,
        query.channel,
        query.relationName,
        query.queryText === '' ? null : query.queryText,
        query.sinceMicros,
        query.sinceSeq,
        query.notifications,
        query.resyncs,
        query.group.heldRows,
        query.group.heldBytes,
        query.subscriber.bufferedBytes,
        query.lagMicros / MICROS_PER_MS,
      ];
  }

  // ------------------------------------------------------------ commits

  wantsOld(space: Space, key: Uint8Array): boolean {
    return (this.groups.watchOf(space)?.groupsOf(key).size ?? 0) > 0;
  }

  committed(event: CommitEvent): void {
    for (const change of event.changes) {
      const watch = this.groups.watchOf(change.space);
      if (watch !== undefined) this.#offer(watch, change, event);
    }
    if (this.#touched.size > 0) this.#deliverAll(event);
    this.#refreshed.committed(event);
    for (const { channel, payload } of event.notifications) {
      const subscribers = this.#channels.get(channelKey(event.database, channel));
      if (subscribers === undefined) continue;
      const batch = new NotificationBatch(event.backendPid, channel, [payload], subscribers.size > 1);
      for (const subscriber of subscribers) subscriber.notify(batch);
    }
    if (this.#seen.size > 0) this.#lookAtCatalogs(event);
  }

  #offer(watch: TableWatch, change: CommittedChange, event: CommitEvent): void {
    const groups = watch.groupsOf(change.key);
    if (groups.size === 0) return;
    const old = watch.versions.of(change.old);
    const now = watch.versions.of(change.value);
    if (old === undefined && now === undefined) return;
    const id = idOfKey(change.key);
    for (const group of groups) {
      this.#touched.add(group);
      try {
        group.offer(event, watch.table.oid, id, old, now);
      } catch (error) {
        this.failed(group, error);
      }
    }
  }

  #deliverAll(event: CommitEvent): void {
    const touched = [...this.#touched];
    this.#touched.clear();
    const lagMicros = Math.max(this.options.clock.nowMicros() - event.commitMicros, 0);
    for (const group of touched) {
      try {
        const payloads = group.payloads(event.seq);
        if (payloads.length === 0) continue;
        const commit = new ToldCommit(event, payloads, group.members.size > 1);
        for (const query of group.members) {
          this.#deliver(query, commit);
          query.lagMicros = lagMicros;
        }
      } catch (error) {
        this.failed(group, error);
      }
    }
  }

  #deliver(query: LiveQuery, commit: ToldCommit): void {
    const { origin, payloads } = commit;
    if (payloads.length === 0 || origin.seq <= query.sinceSeq) return;
    if (this.#suspects.delete(query) && !this.#mayStill(query)) return;
    if (!this.#keepsUp(query, origin)) return;
    query.send(commit);
  }

  /**
   * A client that does not read gets one resync at the end of what waits for it and then nothing until that has gone out: it will read its
   * query again after the resync, so what it misses in between it finds there.
   */
  #keepsUp(query: LiveQuery, origin: Origin): boolean {
    const { maxQueuedBytes } = this.options;
    const queued = query.subscriber.bufferedBytes;
    if (query.lagging) {
      if (queued > maxQueuedBytes / 2) return false;
      query.lagging = false;
      return true;
    }
    if (queued <= maxQueuedBytes) return true;
    query.lagging = true;
    this.#resync(query, origin);
    return false;
  }

  #resync(query: LiveQuery, origin: Origin): void {
    query.resyncs++;
    query.send(new ToldCommit(origin, [resyncPayload(origin.seq)]));
  }

  #end(query: LiveQuery, reason: string): void {
    this.removeQuery(query);
    query.owner.ended(query);
    const { pid } = query.subscriber;
    const end = new ToldCommit({ seq: query.sinceSeq, backendPid: pid }, [endPayload(reason)]);
    query.subscriber.notify(end.batch(query.channel, query.namedUser, query.subscriber.wantsBatches));
  }

  #endAll(group: LiveGroup | RefreshedGroup, reason: string): void {
    for (const query of [...group.members]) this.#end(query, reason);
  }

  // ------------------------------------------------------------ catalogs

  #lookAtCatalogs(event: CommitEvent): void {
    for (const [catalog, before] of this.#seen) {
      if (catalog.committed === before.catalog) continue;
      const seen = { catalog: catalog.committed, shared: this.options.catalogs.committedShared };
      this.#seen.set(catalog, seen);
      this.#catalogChanged(catalog, before, seen, event);
    }
  }

  /**
   * Live queries of relations that are gone or are not what they were end; the client listens again and finds out why. Those that may not be
   * read any more end too, but there are many to be asked: each before it is told of anything, and all of them soon.
   */
  #catalogChanged(catalog: Catalog, before: SeenCatalog, { catalog: now, shared }: SeenCatalog, event: CommitEvent): void {
    const changes = new Map<Oid, string | undefined>();
    const changed = (oid: Oid): string | undefined => {
      if (!changes.has(oid)) changes.set(oid, changeOf(before.catalog, now, oid));
      return changes.get(oid);
    };
    const haveRolesChanged = before.shared !== shared;
    let isListenedTo = false;
    const listened = [
      ...[...this.groups.programsOf(catalog)].map((program) => ({ program, groups: this.groups.groupsOf(program), parts: program.parts })),
      ...this.#refreshed.ofCatalog(catalog).map((group) => ({ program: group, groups: [group], parts: group.parts })),
    ];
    for (const { program, groups, parts } of listened) {
      isListenedTo = true;
      const reasons = parts.relations.map(changed);
      const reason = reasons.find((each) => each !== undefined && each !== 'truncated');
      if (reason !== undefined) {
        for (const group of groups) for (const query of [...group.members]) this.#end(query, `${query.relationName} was ${reason}`);
        continue;
      }
      const replaced = program instanceof RefreshedGroup ? undefined : changedFunction(parts.privileges, before.catalog, now);
      if (replaced !== undefined) {
        for (const group of groups) this.#endAll(group, `function ${replaced} was altered`);
        continue;
      }
      if (haveRolesChanged || !sameRights(parts.privileges, before.catalog, now)) {
        for (const group of groups) for (const query of group.members) this.#suspects.add(query);
      }
      if (!reasons.includes('truncated')) continue;
      if (program instanceof RefreshedGroup) this.#refreshed.move(program, now);
      else this.#truncated(program, groups, now, event);
    }
    this.#refreshed.touchAll();
    if (!isListenedTo) this.#seen.delete(catalog);
    this.#askSuspects();
  }

  #truncated(program: LiveProgram, groups: readonly (LiveGroup | RefreshedGroup)[], now: CatalogSnapshot, event: CommitEvent): void {
    this.groups.truncated(program, now, (group, error) => this.#endAll(group, error instanceof Error ? error.message : String(error)));
    for (const group of groups) for (const query of group.members) this.#resync(query, event);
  }

  /** @returns false: it has ended */
  #mayStill(query: LiveQuery): boolean {
    if (mayListen(query.listener, query.user, query.privileges, query.owner.catalog.committed)) return true;
    this.#end(query, `permission for ${query.relationName} was revoked`);
    return false;
  }

  #askSuspects(): void {
    if (this.#suspects.size === 0 || this.#isAsking) return;
    this.#isAsking = true;
    setImmediate(() => {
      this.#isAsking = false;
      let count = 0;
      for (const query of this.#suspects) {
        if (++count > SUSPECTS_AT_ONCE) break;
        this.#suspects.delete(query);
        this.#mayStill(query);
      }
      this.#askSuspects();
    });
  }
}

const channelKey = (database: Oid, channel: string): string => `${database} ${channel}`;

/** Compiled queries kept for who comes next; those in use are kept by their groups too. */
const MAX_PROGRAMS = 1000;
const MICROS_PER_MS = 1000;
/** Live queries asked for their rights before others have their turn: about a millisecond. */
const SUSPECTS_AT_ONCE = 500;

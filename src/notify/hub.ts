import type { Logger } from 'pino';
import type { Catalog, CatalogSnapshot } from '../catalog/catalog.js';
import type { Clock } from '../commons/clock.js';
import type { Oid, Seq, StorageId } from '../commons/ids.js';
import { NotificationBatch } from '../commons/notification-batch.js';
import { SpaceName } from '../commons/space-name.js';
import type { TableAccess } from '../executor/access/table-access.js';
import type { InterruptCheck } from '../executor/context.js';
import type { FunctionLibrary } from '../executor/functions/implementation.js';
import type { Space } from '../store/store.js';
import type { CommitEvent, CommitObserver, CommittedChange, TransactionManager } from '../transaction/transaction.js';
import type { Row } from '../types/value.js';
import { changeOf } from './changed-relations.js';
import { fillGroup, YieldingInterrupt } from './fill-group.js';
import type { LiveGroup } from './live/live-group.js';
import type { LiveProgram } from './live/live-program.js';
import { idOfKey } from './live/row-identity.js';
import { type Origin, ToldCommit } from './live/told-commit.js';
import type { LiveQuery } from './live-query.js';
import type { Notifications, SessionNotifications, Subscriber } from './notifications.js';
import { endPayload, resyncPayload } from './payload.js';
import type { RefreshedGroup, RefreshListener } from './refresh/refreshed-group.js';
import { RefreshedGroups } from './refresh/refreshed-groups.js';
import { NotificationsOfSession } from './session-notifications.js';
import { TableWatch } from './table-watch.js';

export interface HubOptions {
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

/** All that is listened to on this server: channels by name, live queries by table and user. */
export class NotificationHub implements Notifications, CommitObserver, RefreshListener {
  readonly options: HubOptions;
  /** By database and name. */
  readonly #channels = new Map<string, Set<Subscriber>>();
  readonly #watches = new Map<StorageId, TableWatch>();
  readonly #programs = new Map<string, LiveProgram>();
  readonly #groups = new Map<string, LiveGroup>();
  /** Groups that are being filled, and when they are. */
  readonly #filling = new Map<LiveGroup, Promise<void>>();
  readonly #queries = new Map<number, LiveQuery>();
  /** Whose catalog each is of, and what ends it at its session too. */
  readonly #owners = new Map<LiveQuery, { readonly catalog: Catalog; readonly ended: (query: LiveQuery) => void }>();
  /** Space number → storage whose rows it holds; 0 for spaces that nobody can listen to. */
  readonly #storageOfSpace: StorageId[] = [];
  readonly #touched = new Set<LiveGroup>();
  readonly #refreshed = new RefreshedGroups();
  /** Of each database with live queries: the state of its catalog that they are known to be right in. */
  readonly #seen = new Map<Catalog, CatalogSnapshot>();
  #nextId = 1;

  constructor(options: HubOptions) {
    this.options = options;
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

  // ------------------------------------------------------------ groups and their members

  /**
   * The group that keeps a query up to date for a user, made by the first who asks. Nothing that commits from now on is missed.
   * @param make for the first one
   */
  groupOf(key: string, make: () => LiveGroup): LiveGroup {
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = make();
    this.#groups.set(key, group);
    this.#watch(group);
    return group;
  }

  /** A compiled query, by what it means: the same for all who listen to it. */
  programOf(meaning: string, compile: () => LiveProgram): LiveProgram {
    const known = this.#programs.get(meaning);
    if (known !== undefined) return known;
    const program = compile();
    if (program.isOfSession) return program;
    if (this.#programs.size >= MAX_PROGRAMS) this.#programs.clear();
    this.#programs.set(meaning, program);
    return program;
  }

  /** Reads what a group has to remember; at once where it has been read, or there is nothing. Fails with the statement that first asked. */
  filled(group: LiveGroup, interrupt: InterruptCheck): Promise<void> | undefined {
    const filling = this.#filling.get(group);
    if (filling !== undefined) return filling;
    if (group.isFilled) return undefined;
    return this.#fill(group, interrupt);
  }

  #fill(group: LiveGroup, interrupt: InterruptCheck): Promise<void> {
    const read = fillGroup(group, this.options, interrupt).then((commits) => {
      for (const commit of commits) for (const query of group.members) this.#deliver(query, commit);
    });
    const filling = read.finally(() => {
      this.#filling.delete(group);
      // What could not be filled is nobody's to join.
      if (!group.isFilled && this.#groups.get(group.key) === group) this.#groups.delete(group.key);
    });
    this.#filling.set(group, filling);
    return filling;
  }

  #watch(group: LiveGroup): void {
    for (const table of group.watched) {
      let watch = this.#watches.get(table.storage);
      if (watch === undefined) {
        watch = new TableWatch(table);
        this.#watches.set(table.storage, watch);
      }
      watch.add(group);
    }
  }

  #unwatch(group: LiveGroup): void {
    for (const { storage } of group.watched) {
      const watch = this.#watches.get(storage);
      watch?.remove(group);
      if (watch?.isEmpty === true) this.#watches.delete(storage);
    }
  }

  addQuery(query: LiveQuery, catalog: Catalog, ended: (query: LiveQuery) => void): void {
    query.group.members.add(query);
    this.#queries.set(query.id, query);
    this.#owners.set(query, { catalog, ended });
    if (!this.#seen.has(catalog)) this.#seen.set(catalog, catalog.committed);
  }

  removeQuery(query: LiveQuery): void {
    const { group } = query;
    group.members.delete(query);
    this.#queries.delete(query.id);
    this.#owners.delete(query);
    if (group.kind === 'kept') {
      this.release(group);
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

  failed(group: RefreshedGroup, error: unknown): void {
    this.options.logger.warn({ err: error, liveQueries: [...group.members].map(({ id }) => id) }, 'a live query ended with an error');
    this.#endAll(group, error instanceof Error ? error.message : String(error));
  }

  /** A group of nobody's is forgotten. */
  release(group: LiveGroup): void {
    if (group.members.size > 0) return;
    if (this.#groups.get(group.key) === group) this.#groups.delete(group.key);
    this.#unwatch(group);
  }

  cancelLiveQuery(id: number | bigint): boolean {
    const query = this.#queries.get(Number(id));
    if (query === undefined) return false;
    this.#end(query, 'cancelled');
    return true;
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
    return (this.#watchOf(space)?.groupsOf(key).size ?? 0) > 0;
  }

  committed(event: CommitEvent): void {
    for (const change of event.changes) {
      const watch = this.#watchOf(change.space);
      if (watch !== undefined) this.#offer(watch, change, event);
    }
    if (this.#touched.size > 0) this.#deliverAll(event);
    this.#refreshed.committed(event);
    for (const { channel, payload } of event.notifications) {
      const subscribers = this.#channels.get(channelKey(event.database, channel));
      if (subscribers === undefined) continue;
      const batch = new NotificationBatch(event.backendPid, channel, [payload]);
      for (const subscriber of subscribers) subscriber.notify(batch);
    }
    if (this.#seen.size > 0) this.#lookAtCatalogs(event);
  }

  #watchOf(space: Space): TableWatch | undefined {
    if (this.#watches.size === 0) return undefined;
    let storage = this.#storageOfSpace[space.id];
    if (storage === undefined) {
      const parsed = SpaceName.parse(space.name);
      storage = parsed?.kind === 'user' || parsed?.kind === 'stream' ? parsed.storage : (0 as StorageId);
      this.#storageOfSpace[space.id] = storage;
    }
    return storage === 0 ? undefined : this.#watches.get(storage);
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
      this.#guarded(group, () => group.offer(event, watch.table.oid, id, old, now));
    }
  }

  #deliverAll(event: CommitEvent): void {
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const group of touched) {
      const payloads = this.#guarded(group, () => group.payloads(event.seq)) ?? [];
      if (payloads.length === 0) continue;
      const commit = new ToldCommit(event, payloads);
      const lagMicros = Math.max(this.options.clock.nowMicros() - event.commitMicros, 0);
      for (const query of group.members) {
        this.#deliver(query, commit);
        query.lagMicros = lagMicros;
      }
    }
  }

  /** One query's failure (a division by zero in its filter) ends that query and touches no other. */
  #guarded<T>(group: LiveGroup, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.options.logger.warn({ err: error, liveQueries: [...group.members].map(({ id }) => id) }, 'a live query ended with an error');
      this.#endAll(group, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  #deliver(query: LiveQuery, commit: ToldCommit): void {
    const { origin, payloads } = commit;
    if (payloads.length === 0 || origin.seq <= query.sinceSeq || !this.#keepsUp(query, origin)) return;
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
    const owner = this.#owners.get(query);
    this.removeQuery(query);
    owner?.ended(query);
    const { pid } = query.subscriber;
    const end = new ToldCommit({ seq: query.sinceSeq, backendPid: pid }, [endPayload(reason)]);
    query.subscriber.notify(end.batch(query.channel, query.isOfNamedUser ? query.user : undefined, query.subscriber.wantsBatches));
  }

  #endAll(group: LiveGroup | RefreshedGroup, reason: string): void {
    for (const query of [...group.members]) this.#end(query, reason);
  }

  #lookAtCatalogs(event: CommitEvent): void {
    for (const [catalog, before] of this.#seen) {
      if (catalog.committed === before) continue;
      if ([...this.#owners.values()].some((owner) => owner.catalog === catalog)) this.#seen.set(catalog, catalog.committed);
      else this.#seen.delete(catalog);
      this.#catalogChanged(catalog, before, event);
    }
  }

  /** Live queries of relations that are gone, are not what they were, or may not be read any more, end; the client listens again and finds out why. */
  #catalogChanged(catalog: Catalog, before: CatalogSnapshot, event: CommitEvent): void {
    const now = catalog.committed;
    const changes = new Map<Oid, string | undefined>();
    const changed = (oid: Oid): string | undefined => {
      if (!changes.has(oid)) changes.set(oid, changeOf(before, now, oid));
      return changes.get(oid);
    };
    const truncated = new Set<LiveGroup | RefreshedGroup>();
    for (const query of [...this.#queries.values()]) {
      if (this.#owners.get(query)?.catalog !== catalog) continue;
      const reasons = query.relations.map(changed);
      const reason = reasons.find((each) => each !== undefined && each !== 'truncated');
      if (reason !== undefined) this.#end(query, `${query.relationName} was ${reason}`);
      else if (!query.stillMay(now)) this.#end(query, `permission for ${query.relationName} was revoked`);
      else if (reasons.includes('truncated')) truncated.add(query.group);
    }
    for (const group of truncated) {
      if (group.kind === 'kept') this.#truncated(group, now, event);
      else this.#refreshed.move(group, now);
    }
    this.#refreshed.touchAll();
  }

  /** TRUNCATE gives a table new storage: the same query goes on over it, from what is left. */
  #truncated(group: LiveGroup, now: CatalogSnapshot, event: CommitEvent): void {
    this.#unwatch(group);
    group.over(now);
    this.#watch(group);
    if (group.program.root.isStateful) {
      group.beginFilling();
      this.#fill(group, new YieldingInterrupt()).catch((error: unknown) => {
        this.#endAll(group, error instanceof Error ? error.message : String(error));
      });
    }
    for (const query of group.members) this.#resync(query, event);
  }
}

const channelKey = (database: Oid, channel: string): string => `${database} ${channel}`;

/** Compiled queries kept for who comes next; those in use are kept by their groups too. */
const MAX_PROGRAMS = 1000;
const MICROS_PER_MS = 1000;

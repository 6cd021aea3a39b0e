import type { Logger } from 'pino';
import type { Catalog, CatalogSnapshot } from '../catalog/catalog.js';
import type { Oid, StorageId } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import type { FunctionLibrary } from '../executor/functions/implementation.js';
import type { Space } from '../store/store.js';
import type { CommitEvent, CommitObserver, CommittedChange, TransactionManager } from '../transaction/transaction.js';
import type { Row } from '../types/value.js';
import type { LiveQuery, RowVersion } from './live-query.js';
import type { Notifications, SessionNotifications, Subscriber } from './notifications.js';
import { endPayload, resyncPayload } from './payload.js';
import { NotificationsOfSession } from './session-notifications.js';
import { TableWatch } from './table-watch.js';

export interface HubOptions {
  readonly transactions: TransactionManager;
  readonly library: FunctionLibrary;
  readonly logger: Logger;
  /** Bytes that may wait for a client before its live queries turn to resync. */
  readonly maxQueuedBytes: number;
  readonly maxLiveQueriesPerSession: number;
}

/** All that is listened to on this server: channels by name, live queries by table and user. */
export class NotificationHub implements Notifications, CommitObserver {
  readonly options: HubOptions;
  /** By database and name. */
  readonly #channels = new Map<string, Set<Subscriber>>();
  readonly #watches = new Map<StorageId, TableWatch>();
  readonly #queries = new Map<number, LiveQuery>();
  /** Whose catalog each is of, and what ends it at its session too. */
  readonly #owners = new Map<LiveQuery, { readonly catalog: Catalog; readonly ended: (query: LiveQuery) => void }>();
  /** Space number → storage whose rows it holds; 0 for spaces that nobody can listen to. */
  readonly #storageOfSpace: StorageId[] = [];
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

  addQuery(query: LiveQuery, catalog: Catalog, ended: (query: LiveQuery) => void): void {
    const { storage } = query.table;
    let watch = this.#watches.get(storage);
    if (watch === undefined) {
      watch = new TableWatch(query.table);
      this.#watches.set(storage, watch);
    }
    watch.add(query);
    this.#queries.set(query.id, query);
    this.#owners.set(query, { catalog, ended });
    if (!this.#seen.has(catalog)) this.#seen.set(catalog, catalog.committed);
  }

  removeQuery(query: LiveQuery): void {
    const { storage } = query.table;
    const watch = this.#watches.get(storage);
    watch?.remove(query);
    if (watch?.isEmpty === true) this.#watches.delete(storage);
    this.#queries.delete(query.id);
    this.#owners.delete(query);
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
        query.filterText === '' ? null : query.filterText,
        query.sinceMicros,
        query.sinceSeq,
        query.notifications,
        query.resyncs,
      ];
  }

  // ------------------------------------------------------------ commits

  wantsOld(space: Space, key: Uint8Array): boolean {
    return (this.#watchOf(space)?.queriesOf(key).size ?? 0) > 0;
  }

  committed(event: CommitEvent): void {
    for (const change of event.changes) {
      const watch = this.#watchOf(change.space);
      if (watch !== undefined) this.#offer(watch, change, event);
    }
    for (const { channel, payload } of event.notifications)
      for (const subscriber of this.#channels.get(channelKey(event.database, channel)) ?? [])
        subscriber.notify(event.backendPid, channel, payload);
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
    const queries = watch.queriesOf(change.key);
    if (queries.size === 0) return;
    const old = watch.version(change.old);
    const now = watch.version(change.value);
    if (old === undefined && now === undefined) return;
    const hiddenKey = `{"_row":"${Buffer.from(change.key).toString('hex')}"}`;
    for (const query of queries) this.#deliver(query, old, now, event, hiddenKey);
  }

  /** One query's failure (a division by zero in its filter) ends that query and touches no other. */
  #deliver(query: LiveQuery, old: RowVersion | undefined, now: RowVersion | undefined, event: CommitEvent, hiddenKey: string): void {
    if (event.seq <= query.sinceSeq || !this.#keepsUp(query, event)) return;
    try {
      const payload = query.payloadOf(old, now, event.seq, hiddenKey);
      if (payload === undefined) return;
      query.send(event.seq, event.backendPid, payload);
    } catch (error) {
      this.options.logger.warn({ err: error, liveQuery: query.id }, 'a live query ended with an error');
      this.#end(query, error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * A client that does not read gets one resync at the end of what waits for it and then nothing until that has gone out: it will read its
   * query again after the resync, so what it misses in between it finds there.
   */
  #keepsUp(query: LiveQuery, event: CommitEvent): boolean {
    const { maxQueuedBytes } = this.options;
    const queued = query.subscriber.bufferedBytes;
    if (query.lagging) {
      if (queued > maxQueuedBytes / 2) return false;
      query.lagging = false;
      return true;
    }
    if (queued <= maxQueuedBytes) return true;
    query.lagging = true;
    query.resyncs++;
    query.send(event.seq, event.backendPid, resyncPayload(event.seq));
    return false;
  }

  #end(query: LiveQuery, reason: string): void {
    const owner = this.#owners.get(query);
    this.removeQuery(query);
    owner?.ended(query);
    query.subscriber.notify(query.subscriber.pid, query.channel, endPayload(reason));
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
    const relations = new Map<Oid, string | undefined>();
    const verdict = (oid: Oid): string | undefined => {
      if (!relations.has(oid)) relations.set(oid, changeOf(before, now, oid));
      return relations.get(oid);
    };
    for (const query of [...this.#queries.values()]) {
      if (this.#owners.get(query)?.catalog !== catalog) continue;
      const reason = verdict(query.table.oid) ?? (query.relation === query.table.oid ? undefined : verdict(query.relation));
      if (reason === undefined && query.stillMay(now)) continue;
      if (reason === undefined) this.#end(query, `permission for ${query.relationName} was revoked`);
      else if (reason === 'truncated') this.#truncated(query, event);
      else this.#end(query, `${query.relationName} was ${reason}`);
    }
  }

  /** TRUNCATE gives a table new storage: the same query goes on over it, from nothing. */
  #truncated(query: LiveQuery, event: CommitEvent): void {
    const owner = this.#owners.get(query);
    const table = owner?.catalog.committed.relationByOid(query.table.oid);
    if (table?.kind !== 'table' || owner === undefined) return;
    this.removeQuery(query);
    this.addQuery(query.over(table), owner.catalog, owner.ended);
    query.send(event.seq, event.backendPid, resyncPayload(event.seq));
  }
}

const channelKey = (database: Oid, channel: string): string => `${database} ${channel}`;

/** What happened to a relation between two catalogs, as far as it matters to who listens to it. */
function changeOf(before: CatalogSnapshot, now: CatalogSnapshot, oid: Oid): string | undefined {
  const old = before.relationByOid(oid);
  const relation = now.relationByOid(oid);
  // A temporary view is in its session's catalog only.
  if (old === undefined) return undefined;
  if (relation === undefined) return 'dropped';
  if (relation === old) return undefined;
  if (relation.kind === 'table' && old.kind === 'table' && relation.columns === old.columns && relation.rowKey === old.rowKey)
    return relation.storage === old.storage ? undefined : 'truncated';
  if (relation.kind === 'view' && old.kind === 'view' && relation.queryText === old.queryText) return undefined;
  return 'altered';
}

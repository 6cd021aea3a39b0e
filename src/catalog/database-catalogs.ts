import { assert } from '../commons/assert.js';
import type { Oid } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { nextTurn } from '../commons/next-turn.js';
import { SpaceName } from '../commons/space-name.js';
import { DatabaseOid, RoleOid, SystemSpace } from '../commons/system-names.js';
import type { KeyRange, Space } from '../store/store.js';
import type { Transaction, TransactionManager } from '../transaction/transaction.js';
import type { WriteSet } from '../transaction/write-set.js';
import { bottomLayer } from './bottom.js';
import type { BuiltinCatalog } from './builtin/index.js';
import type { Catalog, Catalogs } from './catalog.js';
import { type CatalogHost, CommittedCatalog, changesOf, type ObjectNumbers, type SpacesOf } from './committed-catalog.js';
import { decodeDescriptor, descriptorKey, encodeDescriptor, kindRange } from './descriptor-codec.js';
import type { DatabaseDescriptor, Descriptor, OwnDescriptor, SharedDescriptor } from './descriptors.js';
import { initialObjects, templateDatabases } from './initial.js';
import type { LayerEntries } from './layer.js';
import { LayeredCatalog } from './layered-catalog.js';
import { isOwn, isShared, SHARED_KINDS, SharedCatalog } from './shared-catalog.js';

export interface CatalogOptions {
  readonly transactions: TransactionManager;
  readonly builtin: BuiltinCatalog;
  readonly numbers: ObjectNumbers;
  /** What a new data directory starts with: what is shared, and the objects of each of its databases. */
  readonly initial: () => readonly Descriptor[];
  readonly spacesOf: SpacesOf;
}

/** Reading a large catalog lets others have their turn after so long. */
const TURN_MS = 10;

/**
 * The catalogs of all databases. What they share is read at the start; a database's own objects when somebody first connects to it, so that
 * those that nobody uses cost a line.
 */
export class DatabaseCatalogs implements Catalogs, CatalogHost {
  readonly builtin: BuiltinCatalog;
  readonly transactions: TransactionManager;
  readonly numbers: ObjectNumbers;
  readonly spacesOf: SpacesOf;
  readonly shared: SharedCatalog;
  readonly #opened = new Map<Oid, CommittedCatalog>();
  readonly #opening = new Map<Oid, Promise<CommittedCatalog>>();
  #lastId = 0;

  private constructor(options: CatalogOptions, shared: readonly SharedDescriptor[]) {
    this.builtin = options.builtin;
    this.transactions = options.transactions;
    this.numbers = options.numbers;
    this.spacesOf = options.spacesOf;
    const bottom = new LayeredCatalog(this.builtin, undefined, bottomLayer(this.builtin, RoleOid.postgres), 'bottom', undefined, 0);
    this.shared = new SharedCatalog(options.transactions, bottom, shared);
    options.transactions.prepared.observe((writes) => this.#publishPrepared(writes));
  }

  /** Reads what is shared, or makes what a server is born with. */
  static async open(options: CatalogOptions): Promise<DatabaseCatalogs> {
    const stored = await readShared(options.transactions);
    const isNew = stored.length === 0;
    if (!isNew && stored.some((object) => object.kind === 'database' && object.allowsConnections !== undefined))
      return new DatabaseCatalogs(options, stored);
    // Or a data directory from before there could be several databases.
    const before = isNew
      ? options.initial()
      : stored.map((object) => (object.kind === 'database' ? { ...object, allowsConnections: true } : object));
    const templates = templateDatabases(() => options.numbers.nextStorage());
    const catalogs = new DatabaseCatalogs(options, [...before.filter(isShared), ...templates]);
    const tx = options.transactions.begin({ isolation: 'read committed', readOnly: false, backendPid: 0 });
    for (const object of before) if (isShared(object)) catalogs.shared.write(tx, object);
    for (const template of templates) catalogs.shared.write(tx, template);
    for (const template of templates) for (const object of initialObjects()) catalogs.writeObject(tx, template, object);
    const postgres = before.find((object) => object.kind === 'database');
    if (isNew && postgres?.kind === 'database') for (const object of before.filter(isOwn)) catalogs.writeObject(tx, postgres, object);
    await tx.commit();
    return catalogs;
  }

  get committedShared(): LayeredCatalog {
    return this.shared.committed;
  }

  opened(): Iterable<Catalog> {
    return this.#opened.values();
  }

  close(oid: Oid): void {
    this.#opened.delete(oid);
  }

  open(oid: Oid): MaybePromise<Catalog | undefined> {
    const opened = this.#opened.get(oid) ?? this.#opening.get(oid);
    if (opened !== undefined) return opened;
    const database = this.shared.committed.databaseByOid(oid);
    if (database === undefined) return undefined;
    const opening = this.#read(database).finally(() => this.#opening.delete(oid));
    this.#opening.set(oid, opening);
    return opening;
  }

  async #read(database: DatabaseDescriptor): Promise<CommittedCatalog> {
    const objects = await this.storedObjects(database);
    const catalog = new CommittedCatalog(this, ++this.#lastId, database, this.#spaceOf(database), objects);
    this.#opened.set(database.oid, catalog);
    return catalog;
  }

  async storedObjects(database: DatabaseDescriptor): Promise<readonly OwnDescriptor[]> {
    return (await readObjects(this.transactions, this.#spaceOf(database), {})).filter(isOwn);
  }

  writeObject(tx: Transaction, database: DatabaseDescriptor, object: OwnDescriptor): void {
    tx.put(this.#spaceOf(database), descriptorKey(object.kind, object.oid), encodeDescriptor(object));
  }

  dropObjects(tx: Transaction, database: DatabaseDescriptor, objects: readonly OwnDescriptor[]): void {
    const space = this.#spaceOf(database);
    if (database.storage !== undefined) tx.dropSpace(space);
    else for (const { kind, oid } of objects) tx.delete(space, descriptorKey(kind, oid));
  }

  publishShared(changes: LayerEntries): void {
    this.shared.publish(changes);
    for (const oid of this.#opened.keys()) if (this.shared.committed.databaseByOid(oid) === undefined) this.#opened.delete(oid);
  }

  #publishPrepared(writes: WriteSet): void {
    const shared = changesOf(writes, this.shared.space, true);
    if (shared.size > 0) this.publishShared(shared);
    for (const catalog of this.#opened.values()) catalog.publishPrepared(writes);
  }

  #spaceOf({ oid, storage }: DatabaseDescriptor): Space {
    assert(storage !== undefined || oid === DatabaseOid.postgres, 'a database without a place for its catalog');
    return storage === undefined ? this.shared.space : this.transactions.store.space(SpaceName.catalog(storage));
  }
}

async function readShared(transactions: TransactionManager): Promise<readonly SharedDescriptor[]> {
  const space = transactions.store.space(SpaceName.system(SystemSpace.catalog));
  const found: SharedDescriptor[] = [];
  for (const kind of SHARED_KINDS) found.push(...(await readObjects(transactions, space, kindRange(kind))).filter(isShared));
  return found;
}

async function readObjects(transactions: TransactionManager, space: Space, range: KeyRange): Promise<readonly Descriptor[]> {
  const snapshot = transactions.store.snapshot();
  try {
    const scan = snapshot.scan(space, range);
    const objects: Descriptor[] = [];
    let started = performance.now();
    for (let moved = scan.next(); moved instanceof Promise ? await moved : moved; moved = scan.next()) {
      objects.push(decodeDescriptor(scan.value));
      if (performance.now() - started < TURN_MS) continue;
      await nextTurn();
      started = performance.now();
    }
    scan.close();
    return objects;
  } finally {
    snapshot.release();
  }
}

import type { Oid, StorageId } from '../commons/ids.js';
import type { Transaction } from '../transaction/transaction.js';
import type { CatalogSnapshot, SessionCatalog } from './catalog.js';
import type { CommittedCatalog } from './committed-catalog.js';
import type { Descriptor, SchemaDescriptor } from './descriptors.js';
import { type CatalogObject, Layer, type LayerEntries, type ObjectKey, objectKey } from './layer.js';
import { LayeredCatalog } from './layered-catalog.js';

interface Change {
  readonly key: ObjectKey;
  readonly kind: Descriptor['kind'];
  readonly oid: Oid;
  readonly object: Descriptor | null;
  readonly temporary: boolean;
}

/** The first of a transaction's changes as a snapshot, for the layer of the last ones to lie over. */
interface Settled {
  readonly committed: LayeredCatalog;
  readonly temp: number;
  readonly length: number;
  readonly snapshot: LayeredCatalog;
}

const SETTLE_AFTER = 64;

/** One session's view of the catalog: committed objects, its temporary ones, and what its transaction has changed so far. */
export class CatalogOfSession implements SessionCatalog {
  readonly #committed: CommittedCatalog;
  readonly #backendPid: number;
  #temporary: ReadonlyMap<ObjectKey, CatalogObject | null> = new Map();
  #tempSchema: SchemaDescriptor | undefined;
  #tempVersion = 0;
  /** Of the transaction under way, in order; savepoints cut it back. */
  #changes: Change[] = [];
  #temporaryChanges = 0;
  #settled: Settled | undefined;
  #transaction: Transaction | undefined;
  #changeVersion = 0;
  #cached:
    | { readonly committed: CatalogSnapshot; readonly temp: number; readonly change: number; readonly snapshot: LayeredCatalog }
    | undefined;

  constructor(committed: CommittedCatalog, backendPid: number) {
    this.#committed = committed;
    this.#backendPid = backendPid;
  }

  snapshot(tx: Transaction | undefined): LayeredCatalog {
    const committed = this.#committed.committed;
    const own = tx !== undefined && tx === this.#transaction && this.#changes.length > 0;
    if (!own && this.#temporary.size === 0) return committed;
    const change = own ? this.#changeVersion : 0;
    const cached = this.#cached;
    if (cached !== undefined && cached.committed === committed && cached.temp === this.#tempVersion && cached.change === change)
      return cached.snapshot;
    const snapshot = this.#layered(committed, own);
    this.#cached = { committed, temp: this.#tempVersion, change, snapshot };
    return snapshot;
  }

  snapshotWithout(tx: Transaction | undefined, indexes: readonly Oid[]): CatalogSnapshot {
    const snapshot = this.snapshot(tx);
    const hidden: LayerEntries = new Map(indexes.map((oid) => [objectKey('index', oid), null]));
    return new LayeredCatalog(this.#committed.builtin, snapshot, new Layer(hidden), `${snapshot.key} without ${indexes.join()}`);
  }

  #layered(committed: LayeredCatalog, own: boolean): LayeredCatalog {
    const { builtin } = this.#committed;
    let snapshot = committed;
    if (this.#temporary.size > 0) {
      const key = `${snapshot.key} temp ${this.#backendPid}.${this.#tempVersion}`;
      snapshot = new LayeredCatalog(builtin, snapshot, new Layer(this.#temporary), key, this.#tempSchema);
    }
    if (!own) return snapshot;
    const key = `${snapshot.key} tx ${this.#backendPid}.${this.#changeVersion}`;
    const settled = this.#settledOver(committed, snapshot);
    const entries: LayerEntries = new Map(this.#changes.slice(settled.length).map((change) => [change.key, change.object]));
    return new LayeredCatalog(builtin, settled.snapshot, new Layer(entries), key, this.#tempSchema);
  }

  /** Of many changes all but the last ones are a layer of their own: so what a change costs does not grow with those before it. */
  #settledOver(committed: LayeredCatalog, below: LayeredCatalog): Settled {
    const { length } = this.#changes;
    const known = this.#settled;
    const isOfNow = known !== undefined && known.committed === committed && known.temp === this.#tempVersion && known.length <= length;
    if (isOfNow && length - known.length < SETTLE_AFTER) return known;
    if (length < SETTLE_AFTER) return { committed, temp: this.#tempVersion, length: 0, snapshot: below };
    const layer = new Layer(new Map(this.#changes.map((change) => [change.key, change.object])));
    const key = `${below.key} settled ${this.#backendPid}.${this.#changeVersion}`;
    const snapshot = new LayeredCatalog(this.#committed.builtin, below, layer, key, this.#tempSchema);
    this.#settled = { committed, temp: this.#tempVersion, length, snapshot };
    return this.#settled;
  }

  put(tx: Transaction, descriptor: Descriptor): void {
    const temporary = isTemporary(descriptor);
    if (!temporary) this.#committed.write(tx, descriptor);
    this.#record(tx, {
      key: objectKey(descriptor.kind, descriptor.oid),
      kind: descriptor.kind,
      oid: descriptor.oid,
      object: descriptor,
      temporary,
    });
  }

  remove(tx: Transaction, kind: Descriptor['kind'], oid: Oid): void {
    const key = objectKey(kind, oid);
    const temporary = this.#isTemporary(tx, key);
    if (!temporary) this.#committed.erase(tx, kind, oid);
    this.#record(tx, { key, kind, oid, object: null, temporary });
  }

  /** A table's statistics are temporary with their table. */
  #isTemporary(tx: Transaction, key: ObjectKey): boolean {
    if (this.#temporary.has(key)) return true;
    if (this.#transaction !== tx || this.#temporaryChanges === 0) return false;
    return this.#changes.findLast((change) => change.key === key)?.temporary ?? false;
  }

  #record(tx: Transaction, change: Change): void {
    if (this.#transaction !== tx) {
      this.#transaction = tx;
      this.#forget();
    }
    // With every change: a savepoint that is rolled back takes the actions since it away.
    tx.onCommit(() => this.#publish(tx));
    const length = this.#changes.length;
    this.#changes.push(change);
    if (change.temporary) this.#temporaryChanges++;
    this.#changeVersion++;
    tx.onRollback(() => {
      if (this.#transaction !== tx || this.#changes.length <= length) return;
      this.#changes.length = length;
      this.#temporaryChanges = this.#changes.filter(({ temporary }) => temporary).length;
      if (this.#settled !== undefined && this.#settled.length > length) this.#settled = undefined;
      this.#changeVersion++;
      if (length === 0 && this.#tempSchema !== undefined && this.#temporary.size === 0) this.#tempSchema = undefined;
    });
  }

  #forget(): void {
    this.#changes = [];
    this.#temporaryChanges = 0;
    this.#settled = undefined;
  }

  #publish(tx: Transaction): void {
    if (this.#transaction !== tx) return;
    const changes = this.#changes;
    this.#transaction = undefined;
    this.#forget();
    const temporary = changes.filter((change) => change.temporary);
    if (temporary.length > 0) {
      const entries = new Map(this.#temporary);
      for (const { key, object } of temporary) {
        if (object === null) entries.delete(key);
        else entries.set(key, object);
      }
      this.#temporary = entries;
      this.#tempVersion++;
    }
    const permanent = changes.filter((change) => !change.temporary);
    if (permanent.length > 0) this.#committed.publish(new Map(permanent.map(({ key, object }) => [key, object])));
  }

  ensureTempSchema(tx: Transaction): SchemaDescriptor {
    if (this.#tempSchema === undefined) {
      const name = `pg_temp_${this.#backendPid}`;
      this.#tempSchema = { kind: 'schema', oid: this.allocateOid(), name, owner: this.#committed.owner };
      this.#record(tx, {
        key: objectKey('schema', this.#tempSchema.oid),
        kind: 'schema',
        oid: this.#tempSchema.oid,
        object: this.#tempSchema,
        temporary: true,
      });
    }
    return this.#tempSchema;
  }

  changesTemporary(tx: Transaction): boolean {
    return tx === this.#transaction && this.#changes.some(({ temporary }) => temporary);
  }

  leave(tx: Transaction): void {
    if (tx !== this.#transaction) return;
    this.#transaction = undefined;
    this.#forget();
    this.#changeVersion++;
  }

  allocateOid(): Oid {
    return this.#committed.numbers.nextOid();
  }

  allocateStorage(): StorageId {
    return this.#committed.numbers.nextStorage();
  }

  async close(): Promise<void> {
    if (this.#temporary.size === 0) return;
    const dropped = [...this.#temporary.values()];
    this.#temporary = new Map();
    this.#tempSchema = undefined;
    this.#tempVersion++;
    await this.#committed.dropStorage(dropped);
  }
}

function isTemporary(descriptor: Descriptor): boolean {
  return 'persistence' in descriptor && descriptor.persistence === 'temporary';
}

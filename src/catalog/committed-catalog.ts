import { assert } from '../commons/assert.js';
import type { Oid, StorageId } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import { RoleOid, SystemSpace } from '../commons/system-names.js';
import type { Space } from '../store/store.js';
import type { Transaction, TransactionManager } from '../transaction/transaction.js';
import type { WriteSet } from '../transaction/write-set.js';
import { bottomLayer } from './bottom.js';
import type { BuiltinCatalog } from './builtin/index.js';
import type { Catalog, SessionCatalog } from './catalog.js';
import { decodeDescriptor, decodeDescriptorKey, descriptorKey, encodeDescriptor } from './descriptor-codec.js';
import type { Descriptor } from './descriptors.js';
import { type CatalogObject, Layer, type LayerEntries, type ObjectKey, objectKey } from './layer.js';
import { LayeredCatalog } from './layered-catalog.js';
import { CatalogOfSession } from './session-catalog.js';

/** Where numbers for new objects come from: never the same twice, across restarts. */
export interface ObjectNumbers {
  nextOid(): Oid;
  nextStorage(): StorageId;
}

/** Spaces of an object, for dropping a session's temporary relations. */
export type SpacesOf = (objects: readonly (CatalogObject | null)[]) => readonly Space[];

export interface CatalogOptions {
  readonly transactions: TransactionManager;
  readonly builtin: BuiltinCatalog;
  readonly numbers: ObjectNumbers;
  /** What a new data directory starts with. */
  readonly initial: () => readonly Descriptor[];
  readonly spacesOf: SpacesOf;
}

/** The recent changes are merged into the large layer when they are so many: a commit of DDL costs about this, not the whole catalog. */
const MERGE_AFTER = 256;

/**
 * The committed catalog: loaded once from the space of system table `catalog`, then replaced as a whole whenever a transaction that changed it commits.
 */
export class CommittedCatalog implements Catalog {
  readonly builtin: BuiltinCatalog;
  readonly numbers: ObjectNumbers;
  readonly owner: Oid = RoleOid.postgres;
  readonly #transactions: TransactionManager;
  readonly #spacesOf: SpacesOf;
  readonly #space: Space;
  readonly #bottom: LayeredCatalog;
  #large: LayeredCatalog;
  #recent: Map<ObjectKey, CatalogObject | null> = new Map();
  #version = 0;
  #committed: LayeredCatalog;

  private constructor(options: CatalogOptions, descriptors: readonly Descriptor[]) {
    this.builtin = options.builtin;
    this.numbers = options.numbers;
    this.#transactions = options.transactions;
    this.#spacesOf = options.spacesOf;
    this.#space = options.transactions.store.space(SpaceName.system(SystemSpace.catalog));
    this.#bottom = new LayeredCatalog(this.builtin, undefined, bottomLayer(this.builtin, this.owner), 'bottom');
    this.#large = this.#overBottom(new Layer(new Map(descriptors.map((object) => [objectKey(object.kind, object.oid), object]))));
    this.#committed = this.#large;
    options.transactions.prepared.observe((writes) => this.#publishPrepared(writes));
  }

  /** Reads the catalog, or makes the initial one in an empty store. */
  static async open(options: CatalogOptions): Promise<CommittedCatalog> {
    const stored = await readDescriptors(options.transactions);
    const descriptors = stored.length > 0 ? stored : options.initial();
    const catalog = new CommittedCatalog(options, descriptors);
    if (stored.length === 0) {
      const tx = options.transactions.begin({ isolation: 'read committed', readOnly: false, backendPid: 0 });
      for (const descriptor of descriptors) catalog.write(tx, descriptor);
      await tx.commit();
    }
    return catalog;
  }

  get committed(): LayeredCatalog {
    return this.#committed;
  }

  openSession(backendPid: number): SessionCatalog {
    return new CatalogOfSession(this, backendPid);
  }

  write(tx: Transaction, descriptor: Descriptor): void {
    tx.put(this.#space, descriptorKey(descriptor.kind, descriptor.oid), encodeDescriptor(descriptor));
  }

  erase(tx: Transaction, kind: Descriptor['kind'], oid: Oid): void {
    tx.delete(this.#space, descriptorKey(kind, oid));
  }

  publish(changes: LayerEntries): void {
    this.#version++;
    for (const [key, object] of changes) this.#recent.set(key, object);
    const recent = new Layer(new Map(this.#recent));
    if (recent.entries.size < MERGE_AFTER) {
      this.#committed = new LayeredCatalog(this.builtin, this.#large, recent, this.#key());
      return;
    }
    this.#large = this.#overBottom(this.#large.layer.merge(recent.entries).withoutRemovals());
    this.#recent = new Map();
    this.#committed = this.#large;
  }

  /** What a prepared transaction changed is told by its writes: its session may be gone. */
  #publishPrepared(writes: WriteSet): void {
    const changes = new Map<ObjectKey, CatalogObject | null>();
    for (const { key, value } of writes.in(this.#space)?.values() ?? []) {
      const { kind, oid } = decodeDescriptorKey(key);
      changes.set(objectKey(kind, oid), value === undefined ? null : decodeDescriptor(value));
    }
    if (changes.size > 0) this.publish(changes);
  }

  async dropStorage(objects: readonly (CatalogObject | null)[]): Promise<void> {
    const spaces = this.#spacesOf(objects);
    if (spaces.length === 0) return;
    const tx = this.#transactions.begin({ isolation: 'read committed', readOnly: false, backendPid: 0 });
    for (const space of spaces) tx.dropSpace(space);
    await tx.commit();
  }

  #overBottom(layer: Layer): LayeredCatalog {
    return new LayeredCatalog(this.builtin, this.#bottom, layer, this.#key());
  }

  #key(): string {
    return `catalog ${this.#version}`;
  }
}

async function readDescriptors(transactions: TransactionManager): Promise<readonly Descriptor[]> {
  const snapshot = transactions.store.snapshot();
  try {
    const scan = snapshot.scan(transactions.store.space(SpaceName.system(SystemSpace.catalog)), {});
    const descriptors: Descriptor[] = [];
    while (await scan.next()) descriptors.push(decodeDescriptor(scan.value));
    scan.close();
    assert(descriptors.length === 0 || descriptors.some((d) => d.kind === 'database'), 'a stored catalog has its database');
    return descriptors;
  } finally {
    snapshot.release();
  }
}

import type { Oid, Seq, StorageId } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { RoleOid } from '../commons/system-names.js';
import { rowSeq } from '../store/row-codec.js';
import type { Space } from '../store/store.js';
import type { ReadView, Transaction, TransactionManager } from '../transaction/transaction.js';
import type { WriteSet } from '../transaction/write-set.js';
import type { BuiltinCatalog } from './builtin/index.js';
import type { Catalog, SessionCatalog } from './catalog.js';
import { decodeDescriptor, decodeDescriptorKey, descriptorKey, encodeDescriptor } from './descriptor-codec.js';
import type { DatabaseDescriptor, Descriptor } from './descriptors.js';
import { type CatalogObject, Layer, type LayerEntries, type ObjectKey, objectKey } from './layer.js';
import { LayeredCatalog } from './layered-catalog.js';
import { CatalogOfSession } from './session-catalog.js';
import { isShared, isSharedKind, MERGE_AFTER, type SharedCatalog, splitChanges } from './shared-catalog.js';

/** Where numbers for new objects come from: never the same twice, across restarts. */
export interface ObjectNumbers {
  nextOid(): Oid;
  nextStorage(): StorageId;
}

/** Spaces of an object, for dropping a session's temporary relations. */
export type SpacesOf = (objects: readonly (CatalogObject | null)[]) => readonly Space[];

/** What the catalogs of all databases work with. */
export interface CatalogHost {
  readonly transactions: TransactionManager;
  readonly builtin: BuiltinCatalog;
  readonly numbers: ObjectNumbers;
  readonly spacesOf: SpacesOf;
  readonly shared: SharedCatalog;
  /** Publishes changes of roles and databases. */
  publishShared(changes: LayerEntries): void;
}

/**
 * The committed catalog of a database: loaded once from its space, then replaced as a whole whenever a transaction that changed it, or what
 * all databases share, commits.
 */
export class CommittedCatalog implements Catalog {
  readonly database: Oid;
  readonly owner: Oid = RoleOid.postgres;
  /** Tells it apart from all others that there ever were: numbers of databases may come again. */
  readonly #id: number;
  readonly #host: CatalogHost;
  readonly #space: Space;
  #large: LayeredCatalog;
  #recent: Map<ObjectKey, CatalogObject | null> = new Map();
  #version = 0;
  #committed: LayeredCatalog;
  #standsOn: LayeredCatalog;

  constructor(host: CatalogHost, id: number, database: DatabaseDescriptor, space: Space, descriptors: readonly Descriptor[]) {
    this.#host = host;
    this.#id = id;
    this.database = database.oid;
    this.#space = space;
    this.#standsOn = host.shared.committed;
    this.#large = this.#overShared(new Layer(new Map(descriptors.map((object) => [objectKey(object.kind, object.oid), object]))));
    this.#committed = this.#large;
  }

  get builtin(): BuiltinCatalog {
    return this.#host.builtin;
  }

  get numbers(): ObjectNumbers {
    return this.#host.numbers;
  }

  get committed(): LayeredCatalog {
    if (this.#standsOn !== this.#host.shared.committed) this.#moveOnto(this.#host.shared.committed);
    return this.#committed;
  }

  writtenBy(view: ReadView, kind: Descriptor['kind'], oid: Oid): MaybePromise<Seq | undefined> {
    const row = view.get(this.#space, descriptorKey(kind, oid));
    const seqOf = (value: Uint8Array | undefined): Seq | undefined => (value === undefined ? undefined : rowSeq(value));
    return row instanceof Promise ? row.then(seqOf) : seqOf(row);
  }

  openSession(backendPid: number): SessionCatalog {
    return new CatalogOfSession(this, backendPid);
  }

  write(tx: Transaction, descriptor: Descriptor): void {
    if (isShared(descriptor)) this.#host.shared.write(tx, descriptor);
    else tx.put(this.#space, descriptorKey(descriptor.kind, descriptor.oid), encodeDescriptor(descriptor));
  }

  erase(tx: Transaction, kind: Descriptor['kind'], oid: Oid): void {
    if (isSharedKind(kind)) this.#host.shared.erase(tx, kind, oid);
    else tx.delete(this.#space, descriptorKey(kind, oid));
  }

  publish(changes: LayerEntries): void {
    const { shared, own } = splitChanges(changes);
    if (shared.size > 0) this.#host.publishShared(shared);
    if (own.size > 0) this.#publishOwn(own);
  }

  #publishOwn(changes: LayerEntries): void {
    this.#version++;
    for (const [key, object] of changes) this.#recent.set(key, object);
    const recent = new Layer(new Map(this.#recent));
    if (recent.entries.size < MERGE_AFTER) {
      this.#committed = this.#overLarge(recent);
      return;
    }
    this.#large = this.#overShared(this.#large.layer.merge(recent.entries).withoutRemovals());
    this.#recent = new Map();
    this.#committed = this.#large;
  }

  /** What a prepared transaction changed is told by its writes: its session may be gone. */
  publishPrepared(writes: WriteSet): void {
    const changes = changesOf(writes, this.#space, false);
    if (changes.size > 0) this.#publishOwn(changes);
  }

  #moveOnto(shared: LayeredCatalog): void {
    this.#standsOn = shared;
    const recent = this.#recent.size === 0 ? undefined : this.#committed;
    this.#large = this.#large.onto(shared, this.#key());
    this.#committed = recent?.onto(this.#large, this.#key()) ?? this.#large;
  }

  async dropStorage(objects: readonly (CatalogObject | null)[]): Promise<void> {
    const spaces = this.#host.spacesOf(objects);
    if (spaces.length === 0) return;
    const tx = this.#host.transactions.begin({ isolation: 'read committed', readOnly: false, backendPid: 0 });
    for (const space of spaces) tx.dropSpace(space);
    await tx.commit();
  }

  #overShared(layer: Layer): LayeredCatalog {
    return new LayeredCatalog(this.builtin, this.#standsOn, layer, this.#key(), undefined, this.database);
  }

  #overLarge(layer: Layer): LayeredCatalog {
    return new LayeredCatalog(this.builtin, this.#large, layer, this.#key());
  }

  #key(): string {
    return `catalog ${this.#id}.${this.#host.shared.version}.${this.#version}`;
  }
}

/** Changes that a write set makes to the catalog in a space: of shared objects, or of all others. */
export function changesOf(writes: WriteSet, space: Space, ofShared: boolean): Map<ObjectKey, CatalogObject | null> {
  const changes = new Map<ObjectKey, CatalogObject | null>();
  for (const { key, value } of writes.in(space)?.values() ?? []) {
    const { kind, oid } = decodeDescriptorKey(key);
    if (isSharedKind(kind) === ofShared) changes.set(objectKey(kind, oid), value === undefined ? null : decodeDescriptor(value));
  }
  return changes;
}

import type { Oid } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import { SystemSpace } from '../commons/system-names.js';
import type { Space } from '../store/store.js';
import type { Transaction, TransactionManager } from '../transaction/transaction.js';
import { descriptorKey, encodeDescriptor } from './descriptor-codec.js';
import type { Descriptor, OwnDescriptor, SharedDescriptor } from './descriptors.js';
import { type CatalogObject, kindOfKey, Layer, type LayerEntries, type ObjectKey, type ObjectKind, objectKey } from './layer.js';
import { LayeredCatalog } from './layered-catalog.js';

export function isShared(descriptor: Descriptor): descriptor is SharedDescriptor {
  return isSharedKind(descriptor.kind);
}

export function isOwn(descriptor: Descriptor): descriptor is OwnDescriptor {
  return !isSharedKind(descriptor.kind);
}

export function isSharedKind(kind: ObjectKind): boolean {
  return SHARED.has(kind);
}

export const SHARED_KINDS: readonly SharedDescriptor['kind'][] = ['role', 'database', 'parameter privileges'];
const SHARED: ReadonlySet<ObjectKind> = new Set(SHARED_KINDS);

/** The recent changes are merged into the large layer when they are so many: a commit of DDL costs about this, not the whole catalog. */
export const MERGE_AFTER = 256;

/** Roles and databases: the layer that the catalog of each database stands on. Replaced as a whole when a transaction that changed it commits. */
export class SharedCatalog {
  /** Also that of the first database's own objects. */
  readonly space: Space;
  readonly #bottom: LayeredCatalog;
  #large: LayeredCatalog;
  #recent: Map<ObjectKey, CatalogObject | null> = new Map();
  #committed: LayeredCatalog;
  #version = 0;

  constructor(transactions: TransactionManager, bottom: LayeredCatalog, descriptors: readonly SharedDescriptor[]) {
    this.space = transactions.store.space(SpaceName.system(SystemSpace.catalog));
    this.#bottom = bottom;
    this.#large = this.#overBottom(new Layer(new Map(descriptors.map((object) => [objectKey(object.kind, object.oid), object]))));
    this.#committed = this.#large;
  }

  get committed(): LayeredCatalog {
    return this.#committed;
  }

  /** Identifies its state. */
  get version(): number {
    return this.#version;
  }

  write(tx: Transaction, descriptor: SharedDescriptor): void {
    tx.put(this.space, descriptorKey(descriptor.kind, descriptor.oid), encodeDescriptor(descriptor));
  }

  erase(tx: Transaction, kind: Descriptor['kind'], oid: Oid): void {
    tx.delete(this.space, descriptorKey(kind, oid));
  }

  publish(changes: LayerEntries): void {
    this.#version++;
    for (const [key, object] of changes) this.#recent.set(key, object);
    const recent = new Layer(new Map(this.#recent));
    if (recent.entries.size < MERGE_AFTER) {
      this.#committed = new LayeredCatalog(this.#bottom.builtin, this.#large, recent, this.#key());
      return;
    }
    this.#large = this.#overBottom(this.#large.layer.merge(recent.entries).withoutRemovals());
    this.#recent = new Map();
    this.#committed = this.#large;
  }

  #overBottom(layer: Layer): LayeredCatalog {
    return new LayeredCatalog(this.#bottom.builtin, this.#bottom, layer, this.#key());
  }

  #key(): string {
    return `shared ${this.#version}`;
  }
}

/** Changes of shared objects, and those of the database's own. */
export function splitChanges(changes: LayerEntries): { readonly shared: LayerEntries; readonly own: LayerEntries } {
  const shared = new Map<ObjectKey, CatalogObject | null>();
  const own = new Map<ObjectKey, CatalogObject | null>();
  for (const [key, object] of changes) (isSharedKind(kindOfKey(key)) ? shared : own).set(key, object);
  return { shared, own };
}

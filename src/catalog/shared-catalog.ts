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

/** Roles and databases: the layer that the catalog of each database stands on. Replaced as a whole when a transaction that changed it commits. */
export class SharedCatalog {
  /** Also that of the first database's own objects. */
  readonly space: Space;
  readonly #bottom: LayeredCatalog;
  #committed: LayeredCatalog;
  #version = 0;

  constructor(transactions: TransactionManager, bottom: LayeredCatalog, descriptors: readonly SharedDescriptor[]) {
    this.space = transactions.store.space(SpaceName.system(SystemSpace.catalog));
    this.#bottom = bottom;
    this.#committed = this.#over(new Layer(new Map(descriptors.map((object) => [objectKey(object.kind, object.oid), object]))));
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
    this.#committed = this.#over(this.#committed.layer.merge(changes).withoutRemovals());
  }

  #over(layer: Layer): LayeredCatalog {
    return new LayeredCatalog(this.#bottom.builtin, this.#bottom, layer, `shared ${this.#version}`);
  }
}

/** Changes of shared objects, and those of the database's own. */
export function splitChanges(changes: LayerEntries): { readonly shared: LayerEntries; readonly own: LayerEntries } {
  const shared = new Map<ObjectKey, CatalogObject | null>();
  const own = new Map<ObjectKey, CatalogObject | null>();
  for (const [key, object] of changes) (isSharedKind(kindOfKey(key)) ? shared : own).set(key, object);
  return { shared, own };
}

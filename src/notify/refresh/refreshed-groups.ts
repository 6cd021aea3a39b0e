import type { Catalog, CatalogSnapshot } from '../../catalog/catalog.js';
import type { StorageId, UserId } from '../../commons/ids.js';
import { SpaceName } from '../../commons/space-name.js';
import { KeyReader } from '../../store/key-reader.js';
import type { Space } from '../../store/store.js';
import type { CommitEvent } from '../../transaction/transaction.js';
import type { RefreshedGroup } from './refreshed-group.js';

interface RowsOfSpace {
  readonly storage: StorageId;
  /** Its keys are led by a user. */
  readonly isOfUsers: boolean;
}

const NO_ROWS: RowsOfSpace = { storage: 0 as StorageId, isOfUsers: false };

/** All live queries of a server that are run again: tells them when a table that they read has changed. */
export class RefreshedGroups {
  readonly #groups = new Set<RefreshedGroup>();
  readonly #byStorage = new Map<StorageId, Set<RefreshedGroup>>();
  /** By the space's number. */
  readonly #spaces: RowsOfSpace[] = [];
  readonly #keys = new KeyReader();

  add(group: RefreshedGroup): void {
    this.#groups.add(group);
    for (const { storage } of group.tables.values()) {
      const groups = this.#byStorage.get(storage);
      if (groups === undefined) this.#byStorage.set(storage, new Set([group]));
      else groups.add(group);
    }
  }

  remove(group: RefreshedGroup): void {
    this.#groups.delete(group);
    for (const { storage } of group.tables.values()) {
      const groups = this.#byStorage.get(storage);
      groups?.delete(group);
      if (groups?.size === 0) this.#byStorage.delete(storage);
    }
  }

  ofCatalog(catalog: Catalog): readonly RefreshedGroup[] {
    return [...this.#groups].filter((group) => group.catalog === catalog);
  }

  /** Its tables have new storage. */
  move(group: RefreshedGroup, now: CatalogSnapshot): void {
    this.remove(group);
    group.over(now);
    this.add(group);
  }

  committed({ changes }: CommitEvent): void {
    if (this.#byStorage.size === 0) return;
    for (const { space, key } of changes) {
      const { storage, isOfUsers } = this.#rowsOf(space);
      const groups = storage === 0 ? undefined : this.#byStorage.get(storage);
      if (groups === undefined) continue;
      let user: UserId | undefined;
      if (isOfUsers) {
        this.#keys.over(key);
        user = this.#keys.text() as UserId;
      }
      for (const group of groups) if (user === undefined || group.user === user) group.touch();
    }
  }

  /** Functions, types or tables may be others now. */
  touchAll(): void {
    for (const group of this.#groups) group.touch();
  }

  #rowsOf(space: Space): RowsOfSpace {
    const known = this.#spaces[space.id];
    if (known !== undefined) return known;
    const parsed = SpaceName.parse(space.name);
    const isOfUsers = parsed?.kind === 'user' || parsed?.kind === 'stream';
    const rows = parsed !== undefined && (isOfUsers || parsed.kind === 'shared') ? { storage: parsed.storage, isOfUsers } : NO_ROWS;
    this.#spaces[space.id] = rows;
    return rows;
  }
}

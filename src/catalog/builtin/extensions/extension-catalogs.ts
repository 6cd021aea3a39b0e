import type { BuiltinCatalog, ExtensionObjects, InstalledExtension } from '../types.js';
import { AVAILABLE_EXTENSIONS } from './available.js';
import { ExtendedCatalog } from './extended-catalog.js';
import { inSchema, readExtensionObjects } from './extension-objects.js';

/** States that are kept: what is there, what transactions are about to make of it, and what was before. */
const MAX_KEPT = 16;

/** The catalogs that extensions make of the built-in one, each made once. Files are read when first needed. */
export class ExtensionCatalogs {
  readonly #base: BuiltinCatalog;
  readonly #files = new Map<string, ExtensionObjects>();
  readonly #objects = new Map<string, ExtensionObjects>();
  readonly #catalogs = new Map<string, BuiltinCatalog>();

  constructor(base: BuiltinCatalog) {
    this.#base = base;
  }

  catalogWith(installed: readonly InstalledExtension[]): BuiltinCatalog {
    const parts = [...installed].sort((a, b) => (a.name < b.name ? -1 : 1));
    const key = parts.map(({ name, schema, owner }) => `${name} ${schema} ${owner}`).join();
    return kept(this.#catalogs, key, () => {
      const owned = parts.flatMap(({ name, schema, owner }) => {
        const objects = this.objectsOf(name, schema);
        return objects === undefined ? [] : [{ owner, objects }];
      });
      return owned.length === 0 ? this.#base : new ExtendedCatalog(this.#base, owned);
    });
  }

  objectsOf(name: string, schema: number): ExtensionObjects | undefined {
    const extension = AVAILABLE_EXTENSIONS.find((candidate) => candidate.name === name);
    if (extension === undefined || extension.isEmpty === true) return undefined;
    let objects = this.#files.get(name);
    if (objects === undefined) {
      objects = readExtensionObjects(name);
      this.#files.set(name, objects);
    }
    const unplaced = objects;
    return kept(this.#objects, `${name} ${schema}`, () => inSchema(unplaced, schema), MAX_KEPT * AVAILABLE_EXTENSIONS.length);
  }
}

function kept<T>(cache: Map<string, T>, key: string, make: () => T, limit = MAX_KEPT): T {
  let found = cache.get(key);
  if (found !== undefined) return found;
  found = make();
  const [oldest] = cache.keys();
  if (cache.size >= limit && oldest !== undefined) cache.delete(oldest);
  cache.set(key, found);
  return found;
}

import type { TableDescriptor } from '../catalog/descriptors.js';
import type { SpacesOf } from '../catalog/index.js';
import type { TableAccess } from '../executor/access/table-access.js';
import type { Space } from '../store/store.js';

/** Spaces of a session's temporary tables and their indexes. */
export function spacesOfObjects(objects: Parameters<SpacesOf>[0], access: TableAccess): readonly Space[] {
  const tables = new Map<number, TableDescriptor>();
  for (const object of objects) if (object?.kind === 'table') tables.set(object.oid, object);
  const spaces: Space[] = [];
  for (const object of objects) {
    if (object?.kind === 'table') spaces.push(...access.tableSpaces(object));
    if (object?.kind !== 'index' || object.clustered) continue;
    const table = tables.get(object.table);
    if (table !== undefined) spaces.push(...access.indexSpaces(table, object));
  }
  return spaces;
}

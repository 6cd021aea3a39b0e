import { CatalogOid } from '../../../catalog/virtual/class-oids.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';

/** What has been granted on functions and types of extensions that are no longer there. */
export function forgetExtensionObjects(cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  for (const { kind, oid, catalog: of, object } of catalog.allObjectPrivileges()) {
    const isGone =
      (of === CatalogOid.pgProc && catalog.builtin.procByOid(object) === undefined) ||
      (of === CatalogOid.pgType && catalog.builtin.typeByOid(object) === undefined);
    if (isGone) cx.session.catalog.remove(cx.transaction, kind, oid);
  }
}

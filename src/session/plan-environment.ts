import type { CatalogSnapshot } from '../catalog/catalog.js';
import type { Oid } from '../commons/ids.js';
import type { PlanningSettings } from '../planner/context.js';
import type { FormatContext } from '../types/format-context.js';

/**
 * All that a plan depends on besides its statement. Sessions that agree in it share one object, so that "is this plan still right?" is a
 * comparison of two references.
 */
export interface PlanEnvironment {
  readonly key: string;
  readonly catalog: CatalogSnapshot;
  readonly searchPath: readonly Oid[];
  readonly allUsers: boolean;
  readonly planning: PlanningSettings;
}

/** Environments in use at a time; old catalogs' fall out, and their plans with them. */
const MAX_ENVIRONMENTS = 256;

/** One a server. */
export class PlanEnvironments {
  readonly #byKey = new Map<string, PlanEnvironment>();

  /**
   * @param rowCounts the version of how many rows tables have
   * @param security what plans with row-level security hold for; '' where no table has it
   */
  intern(
    catalog: CatalogSnapshot,
    searchPath: readonly Oid[],
    allUsers: boolean,
    planning: PlanningSettings,
    format: FormatContext,
    security: string,
    rowCounts: number,
  ): PlanEnvironment {
    const key = `${environmentKey(catalog, searchPath, allUsers, planning, format)}|${security}|${rowCounts}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (this.#byKey.size >= MAX_ENVIRONMENTS) {
      const oldest = this.#byKey.keys().next();
      if (oldest.done !== true) this.#byKey.delete(oldest.value);
    }
    const environment = { key, catalog, searchPath, allUsers, planning };
    this.#byKey.set(key, environment);
    return environment;
  }
}

function environmentKey(
  catalog: CatalogSnapshot,
  searchPath: readonly Oid[],
  allUsers: boolean,
  planning: PlanningSettings,
  format: FormatContext,
): string {
  const { dateStyle, dateOrder, intervalStyle, timeZone } = format;
  return [
    catalog.key,
    searchPath.join(','),
    allUsers,
    Object.values(planning).join(','),
    dateStyle,
    dateOrder,
    intervalStyle,
    timeZone,
  ].join('|');
}

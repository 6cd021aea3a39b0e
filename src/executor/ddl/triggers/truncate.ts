import type { TableDescriptor } from '../../../catalog/descriptors.js';
import { bindTable } from '../../../planner/bind/bind.js';
import { standaloneTarget } from '../../dml/bound-children.js';
import { Frame } from '../../frame.js';
import { drive } from '../../waiting.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';

/** Behind the slots that compiled conditions use. */
const FRAME_SLOTS = 1024;

/** The TRUNCATE triggers of some tables; undefined where there are none. */
export function truncateTriggers(
  tables: readonly TableDescriptor[],
  cx: UtilityContext,
): { before(): Promise<void>; after(): Promise<void> } | undefined {
  const having = tables.filter((table) => table.triggers?.some(({ events }) => events.includes('truncate')) === true);
  if (having.length === 0) return undefined;
  const catalog = catalogOf(cx);
  const frame = new Frame({ ...cx, catalog }, FRAME_SLOTS);
  const triggers = having.flatMap((table) => {
    const bound = bindTable(table, { ...cx.planner, catalog });
    return standaloneTarget(bound.target, cx.library).triggers ?? [];
  });
  return {
    async before() {
      for (const each of triggers) await drive(each.beforeStatement('truncate', undefined, frame));
    },
    async after() {
      for (const each of triggers) each.afterStatement('truncate', undefined, frame);
      await frame.runAtEnd();
    },
  };
}

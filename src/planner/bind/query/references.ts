import type { SelectStatement, With } from '../../parse/ast.js';
import type { ChangeStatement } from '../state.js';

/** Where in a statement a WITH query of some name is read, found in the syntax tree before anything is bound. */
export interface CteUse {
  readonly location: number | undefined;
  /** What stands around it that a recursive reference may not be in; undefined: nothing. */
  readonly within: 'a subquery' | 'an outer join' | 'INTERSECT' | 'EXCEPT' | undefined;
}

/** @param owner the WITH that has the query: others of the same name hide it */
export function usesOfCte(root: SelectStatement | ChangeStatement | With | undefined, name: string, owner?: With): CteUse[] {
  const uses: CteUse[] = [];
  collect(root, { name, owner, uses }, undefined);
  return uses;
}

interface Search {
  readonly name: string;
  readonly owner: With | undefined;
  readonly uses: CteUse[];
}

function collect(value: unknown, search: Search, within: CteUse['within']): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, search, within);
    return;
  }
  const type = 'type' in value ? value.type : undefined;
  if (type === 'table') {
    if (isNamed(value, search.name)) search.uses.push({ location: startOf(value), within });
    return;
  }
  if ('with' in value && value.with !== search.owner && isHidden(value.with, search, within)) return;
  for (const [key, part] of Object.entries(value)) collect(part, search, contextOf(value, type, key) ?? within);
}

/** Does a WITH inside have a query of the name? Then only what stands before it, which doesn't see it, can mean ours. */
function isHidden(clause: unknown, search: Search, within: CteUse['within']): boolean {
  if (typeof clause !== 'object' || clause === null || !('ctes' in clause) || !Array.isArray(clause.ctes)) return false;
  const index = clause.ctes.findIndex((cte: { readonly name?: unknown }) => cte.name === search.name);
  if (index === -1) return false;
  const seesAll = 'recursive' in clause;
  if (!seesAll) for (const cte of clause.ctes.slice(0, index + 1)) collect(cte, search, within);
  return true;
}

function contextOf(node: object, type: unknown, key: string): CteUse['within'] {
  switch (type) {
    case 'subquery':
    case 'exists':
    case 'array select':
      return 'a subquery';
    case 'join': {
      const joinType = 'joinType' in node ? node.joinType : undefined;
      const nullable = (key === 'right' && joinType === 'LEFT') || (key === 'left' && joinType === 'RIGHT') || joinType === 'FULL';
      return nullable && (key === 'left' || key === 'right') ? 'an outer join' : undefined;
    }
    case 'set operation': {
      const op = 'op' in node ? node.op : undefined;
      if (op === 'INTERSECT' && 'all' in node && (key === 'left' || key === 'right')) return 'INTERSECT';
      if (op === 'EXCEPT' && (key === 'right' || (key === 'left' && 'all' in node))) return 'EXCEPT';
      return undefined;
    }
    default:
      return undefined;
  }
}

function isNamed(table: object, name: string): boolean {
  if (!('name' in table)) return false;
  const { name: qualified } = table;
  return typeof qualified === 'object' && qualified !== null && 'name' in qualified && qualified.name === name && !('schema' in qualified);
}

function startOf(node: object): number | undefined {
  const location = '_location' in node ? node._location : undefined;
  if (typeof location !== 'object' || location === null || !('start' in location)) return undefined;
  return typeof location.start === 'number' ? location.start : undefined;
}
